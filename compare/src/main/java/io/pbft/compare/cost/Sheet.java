package io.pbft.compare.cost;

import io.pbft.compare.cost.Line.Section;
import io.pbft.compare.sim.Counters;
import io.pbft.compare.sim.Counters.Count;
import io.pbft.compare.sim.Message.Purpose;
import java.util.ArrayList;
import java.util.List;

/** Collects the lines of one section of one protocol. */
final class Sheet {
  private final Protocol protocol;
  private final int n;
  private final Section section;
  private final List<Line> lines = new ArrayList<>();

  Sheet(Protocol protocol, int n, Section section) {
    this.protocol = protocol;
    this.n = n;
    this.section = section;
  }

  List<Line> lines() {
    return lines;
  }

  void messages(String quantity, String formula, long expected, int requests, Count count) {
    lines.add(
        new Line(
            protocol,
            protocol.faults(n),
            n,
            section,
            quantity,
            formula,
            expected,
            requests,
            count.sent(),
            count.delivered()));
  }

  /** What is no message, or is sent to replicas that are down, too. */
  void number(String quantity, String formula, long expected, int requests, long total) {
    messages(quantity, formula, expected, requests, new Count(total, total));
  }

  /** What has no formula. */
  void shown(String quantity, long value) {
    number(quantity, "", 0, 1, value);
  }

  static Count sum(Counters counters, Purpose purpose, String... types) {
    long sent = 0;
    long delivered = 0;
    for (String type : types) {
      Count count = counters.of(purpose, type);
      sent += count.sent();
      delivered += count.delivered();
    }
    return new Count(sent, delivered);
  }
}
