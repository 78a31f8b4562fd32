package io.pbft.compare.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;

/** Lines for formulas and dots for measurements, on linear or logarithmic axes. */
public final class Chart {
  /** A value. */
  public record Point(double x, double y) {}

  private record Series(String name, String style, List<Point> points, boolean dots) {}

  private record Label(String text, String style, double y) {}

  private static final double WIDTH = 600;
  private static final double HEIGHT = 345;
  private static final double LEFT = 62;
  private static final double RIGHT = 172;
  private static final double TOP = 28;
  private static final double BOTTOM = 46;
  private static final double LABEL_HEIGHT = 14;

  private final String name;
  private final String xTitle;
  private final String yTitle;
  private final List<Series> series = new ArrayList<>();
  private final List<Double> xTicks = new ArrayList<>();
  private boolean logX;
  private boolean logY;
  private double lowY;
  private double highY;

  /**
   * @param name what is drawn, for those who can't see it
   */
  public Chart(String name, String xTitle, String yTitle) {
    this.name = name;
    this.xTitle = xTitle;
    this.yTitle = yTitle;
  }

  /** The x axis is logarithmic. */
  public Chart logX() {
    logX = true;
    return this;
  }

  /** The y axis is logarithmic. */
  public Chart logY() {
    logY = true;
    return this;
  }

  /** Where the x axis has numbers; the first and last are its ends. */
  public Chart ticks(double... values) {
    for (double value : values) {
      xTicks.add(value);
    }
    return this;
  }

  /** A formula, at each of the x axis' ticks. */
  public Chart formula(String label, String style, DoubleUnaryOperator formula) {
    List<Point> points = new ArrayList<>();
    for (double x : xTicks) {
      points.add(new Point(x, formula.applyAsDouble(x)));
    }
    series.add(new Series(label, style, points, false));
    return this;
  }

  /**
   * Measurements and a line through them; values of 0 are left out where there is none on an axis.
   */
  public Chart curve(String label, String style, List<Point> points) {
    List<Point> drawn = points.stream().filter(each -> !logY || each.y() > 0).toList();
    series.add(new Series(label, style, drawn, false));
    series.add(new Series(label, style, drawn, true));
    return this;
  }

  /** Measurements. */
  public Chart dots(String label, String style, List<Point> points) {
    series.add(new Series(label, style, List.copyOf(points), true));
    return this;
  }

  /** The drawing, whose colours are those of {@link Page}. */
  public String svg() {
    double min = values().min(Comparator.naturalOrder()).orElse(1.0);
    double max = values().max(Comparator.naturalOrder()).orElse(1.0);
    lowY = logY ? Math.pow(10, Math.floor(Math.log10(min))) : 0;
    highY = logY ? Math.pow(10, Math.ceil(Math.log10(max) - 1e-9)) : max * 1.08;
    Svg svg = new Svg(name, WIDTH, HEIGHT);
    axes(svg);
    for (Series each : series) {
      draw(svg, each);
    }
    labels(svg);
    return svg.end();
  }

  private Stream<Double> values() {
    return series.stream().flatMap(each -> each.points().stream()).map(Point::y);
  }

  private static double share(double value, double low, double high, boolean log) {
    return log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  }

  private double x(double value) {
    double low = xTicks.get(0);
    double high = xTicks.get(xTicks.size() - 1);
    return LEFT + share(value, low, high, logX) * (WIDTH - LEFT - RIGHT);
  }

  private double y(double value) {
    return HEIGHT - BOTTOM - share(value, lowY, highY, logY) * (HEIGHT - TOP - BOTTOM);
  }

  private void axes(Svg svg) {
    for (double tick : yTicks()) {
      svg.line("grid", LEFT, y(tick), WIDTH - RIGHT, y(tick));
      svg.text("tick", "end", LEFT - 7, y(tick) + 4, show(tick));
    }
    double base = HEIGHT - BOTTOM;
    svg.line("axis", LEFT, base, WIDTH - RIGHT, base);
    double last = Double.NEGATIVE_INFINITY;
    for (double tick : xTicks) {
      svg.line("axis", x(tick), base, x(tick), base + 4);
      if (x(tick) - last > 24) {
        svg.text("tick", "middle", x(tick), base + 17, show(tick));
        last = x(tick);
      }
    }
    svg.text("title", "middle", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, xTitle);
    svg.text("title", "start", 4, 12, yTitle);
  }

  private List<Double> yTicks() {
    List<Double> ticks = new ArrayList<>();
    if (logY) {
      for (double tick = lowY; tick <= highY * 1.001; tick *= 10) {
        ticks.add(tick);
      }
      return ticks;
    }
    double step = Math.pow(10, Math.floor(Math.log10(highY)));
    while (highY / step < 4) {
      step /= 2;
    }
    for (double tick = 0; tick <= highY; tick += step) {
      ticks.add(tick);
    }
    return ticks;
  }

  static String show(double value) {
    if (value >= 1_000_000) {
      return trim(value / 1_000_000) + "M";
    }
    return value >= 10_000 ? trim(value / 1_000) + "k" : trim(value);
  }

  private static String trim(double value) {
    String text = String.format(Locale.ROOT, "%.2f", value);
    return text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
  }

  private void draw(Svg svg, Series each) {
    if (each.dots()) {
      for (Point point : each.points()) {
        String tip = each.name() + ": " + show(point.x()) + " → " + show(point.y());
        svg.dot(each.style(), x(point.x()), y(point.y()), tip);
      }
      return;
    }
    StringBuilder points = new StringBuilder();
    for (Point point : each.points()) {
      points.append(Svg.number(x(point.x()))).append(',').append(Svg.number(y(point.y())));
      points.append(' ');
    }
    svg.path("curve " + each.style(), points.toString().strip());
  }

  /** Each line's name at its end; pushed apart where lines end together. */
  private void labels(Svg svg) {
    List<Label> labels = new ArrayList<>();
    for (Series each : series) {
      if (!each.dots()) {
        double end = y(each.points().get(each.points().size() - 1).y());
        labels.add(new Label(each.name(), each.style(), end));
      }
    }
    labels.sort(Comparator.comparingDouble(Label::y));
    double lowest = HEIGHT - BOTTOM - (labels.size() - 1) * LABEL_HEIGHT;
    double next = TOP;
    for (Label label : labels) {
      double at = Math.max(next, Math.min(label.y(), lowest));
      svg.text("name " + label.style(), "start", WIDTH - RIGHT + 8, at + 4, label.text());
      next = at + LABEL_HEIGHT;
      lowest += LABEL_HEIGHT;
    }
  }
}
