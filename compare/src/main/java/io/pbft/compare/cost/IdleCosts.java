package io.pbft.compare.cost;

import io.pbft.compare.cost.Line.Section;
import io.pbft.compare.sim.Counters;
import io.pbft.compare.sim.Counters.Count;
import java.util.List;

/**
 * What is sent while nobody asks for anything. The periods are this project's and the library's.
 */
final class IdleCosts {
  private static final int SECONDS = 6;

  private IdleCosts() {}

  static List<Line> of(Protocol protocol, int n) {
    Sheet sheet = new Sheet(protocol, n, Section.IDLE);
    Counters counters = protocol.idle(n, SECONDS * 1_000L);
    // Only sent: what is under way when the time is over will still arrive.
    long all = counters.all().values().stream().mapToLong(Count::sent).sum();
    long m = n - 1L;
    String quantity = "messages in " + SECONDS + " idle seconds";
    switch (protocol) {
      case PBFT_MAC, PBFT_SIGNATURE ->
          sheet.number(quantity + ", STATUS each 150 ms", "40n(n-1)", 40L * n * m, 1, all);
      case RAFT -> sheet.number(quantity + ", heartbeat each 2 s", "6(n-1)", 6 * m, 1, all);
      case BASIC_PAXOS ->
          sheet.number(
              quantity + ", nothing chosen, ASK each 400 ms", "15n(n-1)", 15L * n * m, 1, all);
      case MULTI_PAXOS ->
          sheet.number(quantity + ", heartbeat each 40 ms", "150(n-1)", 150 * m, 1, all);
      case ZAB -> sheet.number(quantity + ", PING, PONG each 40 ms", "300(n-1)", 300 * m, 1, all);
    }
    return sheet.lines();
  }
}
