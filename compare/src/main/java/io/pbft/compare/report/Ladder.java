package io.pbft.compare.report;

import io.pbft.compare.sim.Counters.Hop;
import io.pbft.compare.sim.Measured;
import io.pbft.compare.sim.Message.Purpose;
import java.util.ArrayList;
import java.util.List;

/** The messages of one measured request in space and time: nodes down, delays across. */
final class Ladder {
  private static final double HOP = 82;

  /** Columns that every ladder has room for, so that all are drawn to one scale. */
  private static final long FEWEST = 6;

  private static final double ROW = 30;
  private static final double LEFT = 34;
  private static final double TOP = 26;
  private static final long HOP_MICROS = 1_000;

  private Ladder() {}

  static String svg(String name, Measured measured) {
    List<Hop> hops = firstRequest(measured.counters().hops());
    long start = hops.get(0).atMicros();
    long end = hops.get(hops.size() - 1).atMicros() + HOP_MICROS;
    double width = LEFT + HOP * Math.max(FEWEST, (end - start) / HOP_MICROS) + 12;
    Svg svg = new Svg(name, width, TOP + ROW * (measured.n() + 1));
    for (int row = 0; row <= measured.n(); row++) {
      svg.line("life", LEFT, y(row), width - 8, y(row));
      svg.text("tick", "end", LEFT - 6, y(row) + 4, row == 0 ? "c" : "r" + (row - 1));
    }
    List<String> told = new ArrayList<>();
    for (Hop hop : hops) {
      double x = LEFT + HOP * (hop.atMicros() - start) / HOP_MICROS;
      if (!told.contains(hop.type() + hop.atMicros())) {
        told.add(hop.type() + hop.atMicros());
        svg.text("step", "middle", x + HOP / 2, labelAt(told, hop), shown(hop.type()));
      }
      draw(svg, hop, x, told.size(), measured.n());
    }
    return svg.end();
  }

  private static void draw(Svg svg, Hop hop, double x, int step, int n) {
    double from = y(row(hop.from(), n));
    double to = y(row(hop.to(), n));
    String style = hop.purpose() == Purpose.CLIENT ? "client" : "hop h" + step % 3;
    svg.line("flight " + style, x, from, x + HOP, to);
    svg.box("arrival " + style, x + HOP - 3, to - 2, 4, 4, hop.type());
  }

  /** Steps that happen at one time are named one above the other. */
  private static double labelAt(List<String> told, Hop hop) {
    long same = told.stream().filter(each -> each.endsWith(String.valueOf(hop.atMicros()))).count();
    return 10 * same;
  }

  private static String shown(String type) {
    return type.replace('_', '-').replace("APPEND-ENTRIES", "APPEND");
  }

  private static double y(int row) {
    return TOP + 10 + ROW * row;
  }

  private static int row(int node, int n) {
    return node >= n ? 0 : node + 1;
  }

  private static List<Hop> firstRequest(List<Hop> hops) {
    List<Hop> first = new ArrayList<>();
    for (Hop hop : hops) {
      if (hop.type().equals("REQUEST") && !first.isEmpty()) {
        return first;
      }
      if (!first.isEmpty() || hop.type().equals("REQUEST")) {
        first.add(hop);
      }
    }
    return first;
  }
}
