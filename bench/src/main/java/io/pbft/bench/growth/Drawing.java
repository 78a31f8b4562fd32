package io.pbft.bench.growth;

import io.pbft.compare.report.Chart;
import io.pbft.compare.report.Page;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Charts of the points, by the names of their files. */
final class Drawing {
  private final List<Point> points;

  Drawing(List<Point> points) {
    this.points = points;
  }

  /** A drawing and what it shows. */
  record Figure(String caption, String svg) {}

  /** Those that there are points for. */
  Map<String, Figure> figures() {
    Map<String, Figure> all = new LinkedHashMap<>();
    pair(all, "replicas", "replicas", "2,000 operations in flight, 0 bytes", false);
    pair(all, "replicas one at a time", "replicas", "one operation at a time, 0 bytes", false);
    single(
        all,
        "simulator-messages",
        "Messages between replicas for a request, in the simulator",
        chart("replicas", "messages").logY(),
        points("simulator"),
        Point::messages);
    single(
        all,
        "simulator-delays",
        "Message delays until the answer, by replicas, in the simulator",
        chart("replicas", "delays"),
        points("simulator"),
        Point::delays);
    pair(all, "payload", "bytes of an operation and of its answer", "up to 400 in flight", true);
    pair(all, "clients", "clients, one operation at a time each", "0 bytes", true);
    pair(all, "state", "MB of state", "puts of 1 KB over all of it, 400 in flight", true);
    pair(all, "heap", "MB of heap (-Xmx)", "2,000 operations in flight, 0 bytes", true);
    return all;
  }

  private List<Point> points(String part) {
    return points.stream().filter(each -> each.part().equals(part) && each.isMeasured()).toList();
  }

  private static Chart chart(String x, String y) {
    return new Chart(y + " by " + x, x, y);
  }

  /** Throughput, and latencies. */
  private void pair(Map<String, Figure> all, String part, String x, String how, boolean logX) {
    List<Point> own = points(part);
    String file = part.replaceAll("[, ]+", "-");
    Chart throughput = chart(x, "operations a second");
    Chart latency = chart(x, "ms").logY();
    if (logX) {
      throughput.logX();
      latency.logX();
    }
    single(all, file + "-throughput", "Throughput: " + how, throughput, own, Point::opsPerSecond);
    if (own.size() > 1) {
      latency
          .ticks(ticks(own))
          .curve("p99", "other", values(own, Point::p99Millis))
          .curve("p50", "pbft", values(own, Point::p50Millis));
      all.put(file + "-latency", new Figure("Latency: " + how, latency.svg()));
    }
  }

  private void single(
      Map<String, Figure> all,
      String file,
      String caption,
      Chart chart,
      List<Point> own,
      ToDoubleFunction<Point> value) {
    if (own.size() > 1) {
      chart.ticks(ticks(own)).curve("", "pbft", values(own, value));
      all.put(file, new Figure(caption, chart.svg()));
    }
  }

  /** A logarithmic axis has no 0: it is drawn at 1, as the smallest. */
  private static double x(Point point) {
    return Math.max(1, point.x());
  }

  private static double[] ticks(List<Point> own) {
    return own.stream().mapToDouble(Drawing::x).sorted().toArray();
  }

  private static List<Chart.Point> values(List<Point> own, ToDoubleFunction<Point> value) {
    return own.stream().map(each -> new Chart.Point(x(each), value.applyAsDouble(each))).toList();
  }

  /** The page with all of them and the table. */
  String page(String machine) {
    StringBuilder body = new StringBuilder();
    body.append("<p class=\"note\">").append(Page.escape(machine)).append("</p>\n");
    body.append("<div class=\"grid2\">\n");
    figures()
        .forEach(
            (file, figure) ->
                body.append("<figure>\n<figcaption>")
                    .append(Page.escape(figure.caption()))
                    .append("</figcaption>\n")
                    .append(figure.svg())
                    .append("</figure>\n"));
    body.append("</div>\n<h2>Every number</h2>\n<div class=\"wide\"><table>\n<tr>");
    for (String name : Point.HEADER.split(",")) {
      body.append("<th>").append(name.replace('_', ' ')).append("</th>");
    }
    body.append("</tr>\n");
    for (Point each : points) {
      body.append("<tr>");
      for (String cell : each.csv().split(",", -1)) {
        body.append("<td>").append(Page.escape(cell)).append("</td>");
      }
      body.append("</tr>\n");
    }
    body.append("</table></div>\n");
    return Page.wrap("How the cost of replication grows", body.toString());
  }
}
