package io.pbft.compare.report;

import io.pbft.compare.cost.Line;
import io.pbft.compare.cost.Protocol;
import java.util.List;

/** Messages between replicas by type, one bar for each protocol and number of faults. */
final class Bars {
  private static final double WIDTH = 1_000;
  private static final double ROW = 24;
  private static final double LEFT = 170;
  private static final double RIGHT = 250;
  private static final double LETTER = 7.2;

  private Bars() {}

  static String svg(Comparison comparison) {
    double most = 1;
    int bars = 0;
    for (int f : comparison.faults()) {
      for (Protocol protocol : shown()) {
        most = Math.max(most, total(comparison, protocol, f));
        bars++;
      }
    }
    double height = 10 + bars * ROW + comparison.faults().size() * 10;
    Svg svg = new Svg("messages between replicas by type", WIDTH, height);
    double y = 4;
    for (int f : comparison.faults()) {
      for (Protocol protocol : shown()) {
        bar(svg, comparison, protocol, f, y, (WIDTH - LEFT - RIGHT) / most);
        y += ROW;
      }
      y += 10;
    }
    return svg.end();
  }

  private static List<Protocol> shown() {
    return List.of(Protocol.PBFT_MAC, Protocol.RAFT, Protocol.MULTI_PAXOS, Protocol.ZAB);
  }

  private static List<Line> types(Comparison comparison, Protocol protocol, int f) {
    return comparison.sameFaults().stream()
        .filter(line -> line.protocol() == protocol && line.f() == f)
        .filter(line -> line.quantity().startsWith("  ") && !line.quantity().contains("beyond"))
        .toList();
  }

  private static double total(Comparison comparison, Protocol protocol, int f) {
    return types(comparison, protocol, f).stream().mapToDouble(Bars::value).sum();
  }

  private static double value(Line line) {
    return (double) line.total() / line.requests();
  }

  private static void bar(
      Svg svg, Comparison comparison, Protocol protocol, int f, double y, double scale) {
    String name = protocol.title().replace(" (MicroRaft 0.7)", "").replace(" (mac)", "");
    svg.text("tick", "end", LEFT - 8, y + 14, name + ", f=" + f);
    double x = LEFT;
    String hidden = "";
    int index = 0;
    for (Line line : types(comparison, protocol, f)) {
      double width = value(line) * scale;
      String label = line.quantity().strip().replace('_', '-') + " " + line.measured();
      svg.box("part p" + index, x, y, Math.max(1, width - 1.5), ROW - 6, label);
      if (label.length() * LETTER < width) {
        svg.text("within", "start", x + 5, y + 13, label);
      } else {
        hidden += (hidden.isEmpty() ? "" : ", ") + label;
      }
      x += width;
      index++;
    }
    String all = Chart.show(total(comparison, protocol, f));
    svg.text("tick", "start", x + 5, y + 14, all + (hidden.isEmpty() ? "" : ": " + hidden));
  }
}
