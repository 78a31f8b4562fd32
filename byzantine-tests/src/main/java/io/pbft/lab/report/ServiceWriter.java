package io.pbft.lab.report;

import io.pbft.lab.report.RunRecord.Operation;
import java.util.List;
import java.util.Locale;

/** Latency and throughput of the clients through the attack, beside the honest run. */
final class ServiceWriter {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 230;
  private static final int LEFT = 58;
  private static final int RIGHT = 14;
  private static final int TOP = 14;
  private static final int BOTTOM = 34;
  private static final int BUCKETS = 40;

  private final RunRecord run;
  private final RunRecord honest;
  private final Recovery recovery;
  private final long endMicros;

  ServiceWriter(RunRecord run, RunRecord honest, Recovery recovery) {
    this.run = run;
    this.honest = honest;
    this.recovery = recovery;
    long last = Math.max(last(run), last(honest));
    this.endMicros = Math.max(1_000, last + last / 20);
  }

  private static long last(RunRecord run) {
    return run.operations.stream()
        .mapToLong(o -> Math.max(o.fromMicros(), o.toMicros()))
        .max()
        .orElse(0);
  }

  String html() {
    return "<div class=\"charts\"><figure><figcaption>Latency, each answer a mark (logarithmic)"
        + "</figcaption>"
        + latency()
        + "</figure><figure><figcaption>Throughput, answers a second</figcaption>"
        + throughput()
        + "</figure></div><p class=\"keys\"><span class=\"key this\">● this run</span>"
        + " <span class=\"key honest\">+ the same with nobody lying and nothing breaking</span>"
        + " <span class=\"key attack\">▒ attack until served</span></p>"
        + table();
  }

  private String latency() {
    double top = Math.max(10, Math.ceil(Math.max(longest(run), longest(honest)) * 1.2));
    double bottom = Math.min(1, shortest());
    StringBuilder out = open("latency in milliseconds over time");
    for (double tick = Math.pow(10, Math.ceil(Math.log10(bottom))); tick <= top; tick *= 10) {
      line(out, yLog(tick, bottom, top), label(tick) + " ms");
    }
    dots(out, honest, "honest", bottom, top);
    dots(out, run, "this", bottom, top);
    return out.append("</svg>").toString();
  }

  private double shortest() {
    return run.operations.stream()
        .filter(o -> o.toMicros() >= 0)
        .mapToDouble(ServiceWriter::millis)
        .min()
        .orElse(1);
  }

  private static double millis(Operation o) {
    return Math.max(0.05, (o.toMicros() - o.fromMicros()) / 1e3);
  }

  private double longest(RunRecord of) {
    return of.operations.stream()
        .mapToDouble(o -> o.toMicros() < 0 ? 0 : millis(o))
        .max()
        .orElse(0);
  }

  /**
   * All as one path, since there may be thousands: discs for this run, plus signs for the other.
   */
  private void dots(StringBuilder out, RunRecord of, String kind, double bottom, double top) {
    String mark = kind.equals("this") ? "h0" : "m-2.5,0h5m-2.5,-2.5v5";
    out.append("<path class=\"dots ").append(kind).append("\" d=\"");
    for (Operation each : of.operations) {
      if (each.toMicros() >= 0) {
        double y = yLog(millis(each), bottom, top);
        out.append(String.format(Locale.ROOT, "M%.1f,%.1f%s", x(each.toMicros()), y, mark));
      }
    }
    out.append("\"/>");
  }

  private String throughput() {
    double[] here = buckets(run);
    double[] there = buckets(honest);
    double top = 1;
    for (int i = 0; i < BUCKETS; i++) {
      top = Math.max(top, Math.max(here[i], there[i]));
    }
    StringBuilder out = open("answers a second over time");
    for (int i = 0; i <= 4; i++) {
      line(out, y(i / 4.0), label(top * i / 4));
    }
    steps(out, there, top, "honest");
    steps(out, here, top, "this");
    return out.append("</svg>").toString();
  }

  private double[] buckets(RunRecord of) {
    double[] counts = new double[BUCKETS];
    double seconds = endMicros / 1e6 / BUCKETS;
    for (Operation each : of.operations) {
      if (each.toMicros() >= 0) {
        int at = (int) Math.min(BUCKETS - 1, each.toMicros() * BUCKETS / endMicros);
        counts[at] += 1 / seconds;
      }
    }
    return counts;
  }

  private void steps(StringBuilder out, double[] values, double top, String kind) {
    StringBuilder path = new StringBuilder("M" + LEFT + "," + y(0));
    for (int i = 0; i < BUCKETS; i++) {
      double width = (WIDTH - LEFT - RIGHT) / (double) BUCKETS;
      path.append(
          String.format(Locale.ROOT, "V%.1fH%.1f", y(values[i] / top), LEFT + width * (i + 1)));
    }
    out.append("<path class=\"steps ").append(kind).append("\" d=\"").append(path).append("\"/>");
  }

  private StringBuilder open(String title) {
    StringBuilder out = new StringBuilder();
    out.append("<svg class=\"chart\" viewBox=\"0 0 ").append(WIDTH).append(' ').append(HEIGHT);
    out.append("\" role=\"img\" aria-label=\"").append(title).append("\">");
    if (recovery.wasAttacked()) {
      long end = recovery.servedMicros() < 0 ? endMicros : recovery.servedMicros();
      double from = x(recovery.startMicros());
      out.append(
          String.format(
              Locale.ROOT,
              "<rect class=\"attack\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>",
              from,
              TOP,
              Math.max(2, x(end) - from),
              HEIGHT - TOP - BOTTOM));
    }
    double step = step(endMicros / 1e3 / 5);
    for (double tick = 0; tick <= endMicros / 1e3; tick += step) {
      double at = x((long) (tick * 1e3));
      String text = tick >= 10_000 ? label(tick / 1e3) + " s" : label(tick) + " ms";
      text(out, at, HEIGHT - BOTTOM + 18, at > WIDTH - 40 ? "end" : "middle", text);
    }
    return out;
  }

  /** 1, 2 or 5 times a power of ten. */
  private static double step(double rough) {
    double power = Math.pow(10, Math.floor(Math.log10(Math.max(1e-3, rough))));
    for (int factor : List.of(1, 2, 5)) {
      if (power * factor >= rough) {
        return power * factor;
      }
    }
    return power * 10;
  }

  private static String label(double value) {
    return value >= 10 || value == Math.rint(value)
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%.1f", value);
  }

  private void line(StringBuilder out, double y, String text) {
    out.append(
        String.format(
            Locale.ROOT,
            "<line class=\"rule\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
            LEFT,
            WIDTH - RIGHT,
            y,
            y));
    text(out, LEFT - 7, y + 4, "end", text);
  }

  private static void text(StringBuilder out, double x, double y, String anchor, String text) {
    out.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
            x,
            y,
            anchor,
            text));
  }

  private double x(long micros) {
    return LEFT + (WIDTH - LEFT - RIGHT) * (double) micros / endMicros;
  }

  private static double y(double share) {
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share;
  }

  private static double yLog(double value, double bottom, double top) {
    return y(Math.log(value / bottom) / Math.log(top / bottom));
  }

  /** Time to detect, to ask for a view, to enter it, to serve. */
  private String table() {
    if (!recovery.wasAttacked()) {
      return "";
    }
    StringBuilder out = new StringBuilder("<dl class=\"times\">");
    term(out, "detected after", recovery.detectedMicros(), "not refused, accused or timed out");
    term(out, "a view change asked for after", recovery.askedMicros(), "no view change");
    term(out, "next view in force after", recovery.enteredMicros(), "no new view");
    term(out, "served after", recovery.servedMicros(), "nobody served since");
    return out.append("</dl>").toString();
  }

  private void term(StringBuilder out, String name, long at, String otherwise) {
    String value = at < 0 ? otherwise : Html.millis(at - recovery.startMicros());
    out.append("<div><dt>").append(name).append("</dt><dd>").append(value).append("</dd></div>");
  }
}
