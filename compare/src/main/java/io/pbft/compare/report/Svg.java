package io.pbft.compare.report;

import java.util.Locale;

/** Writes the elements of a drawing. Colours and sizes of text come from the page's style sheet. */
final class Svg {
  private final StringBuilder out = new StringBuilder();
  private final double width;
  private final double height;
  private final String name;

  /**
   * @param name what is drawn, for those who can't see it
   */
  Svg(String name, double width, double height) {
    this.name = name;
    this.width = width;
    this.height = height;
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  Svg line(String style, double x1, double y1, double x2, double y2) {
    out.append(
        String.format(
            Locale.ROOT,
            "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
            style,
            x1,
            y1,
            x2,
            y2));
    return this;
  }

  Svg path(String style, String points) {
    out.append("<polyline class=\"").append(style).append("\" points=\"").append(points);
    out.append("\"/>\n");
    return this;
  }

  Svg dot(String style, double x, double y, String tip) {
    out.append(
        String.format(
            Locale.ROOT,
            "<circle class=\"dot %s\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"><title>%s</title></circle>\n",
            style,
            x,
            y,
            escape(tip)));
    return this;
  }

  Svg box(String style, double x, double y, double w, double h, String tip) {
    out.append(
        String.format(
            Locale.ROOT,
            "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\">"
                + "<title>%s</title></rect>\n",
            style,
            x,
            y,
            w,
            h,
            escape(tip)));
    return this;
  }

  /**
   * @param anchor start, middle or end
   */
  Svg text(String style, String anchor, double x, double y, String text) {
    out.append(
        String.format(
            Locale.ROOT,
            "<text class=\"%s\" text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>\n",
            style,
            anchor,
            x,
            y,
            escape(text)));
    return this;
  }

  /** The whole drawing. */
  String end() {
    return String.format(
            Locale.ROOT,
            "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"%s\">\n",
            width,
            height,
            escape(name))
        + out
        + "</svg>\n";
  }
}
