package io.pbft.compare.cost;

import io.pbft.compare.cost.Line.Section;
import io.pbft.compare.sim.Counters;
import io.pbft.compare.sim.Counters.Count;
import io.pbft.compare.sim.Measured;
import io.pbft.compare.sim.Message.Purpose;
import java.util.List;

/**
 * The leader dies after one request, and the client asks it for the next: what is sent, to the dead
 * one too, until that is answered.
 */
final class CrashCosts {
  private final int n;
  private final Sheet sheet;
  private final Counters counters;
  private final long millis;

  private CrashCosts(Protocol protocol, int n) {
    this.n = n;
    this.sheet = new Sheet(protocol, n, Section.CRASH);
    Measured measured = protocol.crash(n);
    this.counters = measured.counters();
    this.millis = measured.clientDelays();
  }

  static List<Line> of(Protocol protocol, int n) {
    CrashCosts costs = new CrashCosts(protocol, n);
    costs.formulas(protocol);
    long replicas = 0;
    for (Purpose purpose : List.of(Purpose.ELECTION, Purpose.ORDERING, Purpose.REPAIR)) {
      replicas += costs.counters.of(purpose).sent();
    }
    costs.sheet.shown("replica messages sent until answered, without background", replicas);
    costs.sheet.shown("ms until answered, " + timeouts(protocol), costs.millis);
    return costs.sheet.lines();
  }

  private static String timeouts(Protocol protocol) {
    return switch (protocol) {
      case PBFT_MAC, PBFT_SIGNATURE -> "request timeout 500 ms";
      case RAFT -> "leader heartbeat timeout 10 s";
      case BASIC_PAXOS -> "client's retry 200 ms";
      case MULTI_PAXOS, ZAB -> "follower's patience of about 0.25 s";
    };
  }

  private void formulas(Protocol protocol) {
    long m = n - 1L;
    switch (protocol) {
      case PBFT_MAC, PBFT_SIGNATURE -> {
        election("VIEW-CHANGE, sent", "(n-1)^2", m * m, "VIEW_CHANGE");
        arrived("VIEW-CHANGE, delivered", "(n-1)(n-2)", m * (n - 2), "VIEW_CHANGE");
        election("NEW-VIEW, sent", "n-1", m, "NEW_VIEW");
        // The first request is proposed again, since no checkpoint covers it yet.
        ordering("PREPARE, both numbers", "2(n-1)(n-2)", 2 * m * (n - 2), "PREPARE");
        ordering("COMMIT, both numbers", "2(n-1)^2", 2 * m * m, "COMMIT");
      }
      case RAFT -> election("VOTE and answers, sent", "2n-3", 2L * n - 3, "VOTE", "VOTE-OK");
      case BASIC_PAXOS ->
          ordering(
              "both phases, sent", "4n-6", 4L * n - 6, "PREPARE", "PROMISE", "ACCEPT", "ACCEPTED");
      case MULTI_PAXOS ->
          election("PREPARE, PROMISE, sent", "2n-3", 2L * n - 3, "PREPARE", "PROMISE");
      case ZAB ->
          election(
              "discovery and synchronisation, sent",
              "6(n-2)",
              6L * (n - 2),
              "CEPOCH",
              "NEW-EPOCH",
              "ACK-EPOCH",
              "NEW-LEADER",
              "ACK-LEADER",
              "COMMIT-LEADER");
    }
  }

  private void election(String quantity, String formula, long expected, String... types) {
    Count count = Sheet.sum(counters, Purpose.ELECTION, types);
    sheet.number(quantity, formula, expected, 1, count.sent());
  }

  private void arrived(String quantity, String formula, long expected, String... types) {
    Count count = Sheet.sum(counters, Purpose.ELECTION, types);
    sheet.number(quantity, formula, expected, 1, count.delivered());
  }

  private void ordering(String quantity, String formula, long expected, String... types) {
    Count count = Sheet.sum(counters, Purpose.ORDERING, types);
    sheet.number(quantity, formula, expected, 1, count.sent());
  }
}
