package io.pbft.bench.growth;

import java.util.Locale;
import java.util.StringJoiner;

/**
 * One measurement. What was not measured is {@link Double#NaN}.
 *
 * @param part what grows
 * @param x how far it has grown
 * @param problem why there are no figures; empty when there are
 */
record Point(
    String part,
    double x,
    double opsPerSecond,
    double p50Millis,
    double p99Millis,
    double cpuMicrosPerOp,
    double messages,
    double delays,
    double heapMegabytes,
    double residentMegabytes,
    String problem) {

  static final String HEADER =
      "part,x,ops_per_second,p50_ms,p99_ms,cpu_us_per_op,messages_per_request,delays,heap_mb,ram_mb,"
          + "problem";
  private static final int COLUMNS = 11;

  Point {
    if (part.contains(",")) {
      throw new IllegalArgumentException("a part is one column: " + part);
    }
  }

  static Point failed(String part, double x, Exception cause) {
    String why = String.valueOf(cause.getMessage()).replaceAll("[,\\s\"]+", " ").strip();
    String problem = cause.getClass().getSimpleName() + ": " + why;
    double none = Double.NaN;
    String line = problem.length() > 200 ? problem.substring(0, 200) : problem;
    return new Point(part, x, none, none, none, none, none, none, none, none, line);
  }

  static Point simulated(String part, double x, double messages, double delays) {
    double none = Double.NaN;
    return new Point(part, x, none, none, none, none, messages, delays, none, none, "");
  }

  boolean isMeasured() {
    return problem.isEmpty();
  }

  private double[] figures() {
    return new double[] {
      x,
      opsPerSecond,
      p50Millis,
      p99Millis,
      cpuMicrosPerOp,
      messages,
      delays,
      heapMegabytes,
      residentMegabytes
    };
  }

  String csv() {
    StringJoiner line = new StringJoiner(",").add(part);
    for (double each : figures()) {
      line.add(Double.isNaN(each) ? "" : number(each));
    }
    return line.add(problem).toString();
  }

  String json() {
    StringJoiner fields = new StringJoiner(",", "{", "}").add("\"part\":\"" + part + "\"");
    String[] names = HEADER.split(",");
    double[] figures = figures();
    for (int i = 0; i < figures.length; i++) {
      fields.add(
          "\"" + names[i + 1] + "\":" + (Double.isNaN(figures[i]) ? "null" : number(figures[i])));
    }
    return fields.add("\"problem\":\"" + problem.replace("\\", "/") + "\"").toString();
  }

  /** A line that {@link #csv} wrote. */
  static Point parse(String line) {
    String[] cells = line.split(",", COLUMNS);
    double[] f = new double[COLUMNS - 1];
    for (int i = 1; i < COLUMNS - 1; i++) {
      f[i] = cells[i].isEmpty() ? Double.NaN : Double.parseDouble(cells[i]);
    }
    return new Point(cells[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7], f[8], f[9], cells[10]);
  }

  static String number(double value) {
    String text = String.format(Locale.ROOT, value >= 100 ? "%.0f" : "%.3f", value);
    return text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
  }
}
