package io.pbft.compare.cost;

import io.pbft.compare.cost.Line.Section;
import io.pbft.compare.pbft.PbftRun;
import io.pbft.compare.raft.RaftRun;
import io.pbft.compare.sim.Counters;
import io.pbft.compare.sim.Counters.Count;
import io.pbft.compare.sim.Measured;
import io.pbft.compare.sim.Message.Purpose;
import java.util.ArrayList;
import java.util.List;

/** Measures protocols and puts the formulas beside. */
public final class CostTable {
  /** How everything is counted. */
  public static final List<String> RULES =
      List.of(
          "a message is one point-to-point send; a broadcast is n-1, a delivery to oneself none",
          "between replicas, and with the client, apart",
          "heartbeats, checkpoints, status and retransmissions are never part of a request's cost",
          "failure-free, one request at a time, no batching; every hop takes one delay",
          "answered: what it takes until the client has its answer;"
              + " executed: until every replica has executed the request",
          "equal: sent as the formula says, and all of it delivered",
          ByteCosts.MODEL,
          "cryptography: one MAC for each frame between two ends of a link, the request's MAC for"
              + " each replica; the client's included. Raft, Paxos and ZAB authenticate nothing",
          "the leader dies: everything sent, to the dead one too, until the next request is answered;"
              + " the time is that of the timeouts, which differ");

  /** Why other texts count more for PBFT. */
  public static final String PBFT_COUNTS =
      "PBFT: 2n(n-1) between replicas. Texts that have 2n^2-n-1 count a prepare from the primary,"
          + " too, which PBFT's does not send: its pre-prepare stands for it.";

  /** How many requests are agreed on at once in the lines of batches. */
  public static final List<Integer> BATCHES = List.of(1, 4, 16, 64);

  private static final int READS = 4;

  private final int n;
  private final Measured measured;
  private final Sheet sheet;

  private CostTable(Protocol protocol, int n) {
    this.sheet = new Sheet(protocol, n, Section.REQUEST);
    this.n = n;
    this.measured = protocol.measure(n);
  }

  /** All quantities of one protocol with n replicas. */
  public static List<Line> of(Protocol protocol, int n) {
    CostTable table = new CostTable(protocol, n);
    switch (protocol) {
      case PBFT_MAC, PBFT_SIGNATURE -> table.pbft();
      case RAFT -> table.raft();
      case BASIC_PAXOS -> table.basicPaxos();
      case MULTI_PAXOS -> table.multiPaxos();
      case ZAB -> table.zab();
    }
    if (protocol == Protocol.PBFT_MAC) {
      table.tentative();
      table.readOnly();
      table.checkpoints();
      table.batches();
    }
    return table.sheet.lines();
  }

  /** The other sections: bytes, cryptography, background, and what the leader's death costs. */
  public static List<Line> more(Protocol protocol, int n) {
    List<Line> lines = new ArrayList<>(ByteCosts.of(protocol, n));
    lines.addAll(CryptoCosts.of(protocol, n));
    lines.addAll(IdleCosts.of(protocol, n));
    lines.addAll(CrashCosts.of(protocol, n));
    return lines;
  }

  /** COMMITs go with the messages of the next request. */
  private void tentative() {
    PbftRun.Tentative run = PbftRun.tentative(n, READS);
    String what = "tentative execution: replica messages that go alone";
    sheet.number(what, "n(n-1)", (long) n * (n - 1), run.requests(), run.frames());
    sheet.number("tentative execution: delays until answered", "4", 4, 1, run.delays());
  }

  private void readOnly() {
    Measured reads = PbftRun.reads(n, READS);
    add("read-only: replica messages", "0", 0, READS, reads.counters().of(Purpose.ORDERING));
    add("read-only: client messages", "2n", 2L * n, READS, reads.counters().of(Purpose.CLIENT));
    sheet.number("read-only: delays", "2", 2, 1, reads.clientDelays());
  }

  private void checkpoints() {
    Counters counters = PbftRun.interval(n).counters();
    Count count = counters.of(Purpose.BACKGROUND, "CHECKPOINT");
    add("CHECKPOINT messages for 128 requests (K)", "n(n-1)", (long) n * (n - 1), 1, count);
  }

  private void batches() {
    for (int batch : BATCHES) {
      Count count = PbftRun.batches(n, batch).of(Purpose.ORDERING);
      long two = 4L * n * (n - 1);
      add("replica messages of 1 and then " + batch + " in a batch", "2*2n(n-1)", two, 1, count);
    }
  }

  private void pbft() {
    int m = n - 1;
    total("replica messages, answered and executed", "2n(n-1)", 2L * n * m);
    type("PRE_PREPARE", "n-1", m);
    type("PREPARE", "(n-1)^2", (long) m * m);
    type("COMMIT", "n(n-1)", (long) n * m);
    client("1+n", 1 + n);
    busiest("4(n-1)", 4L * m);
    delays(5, 4);
  }

  private void raft() {
    int m = n - 1;
    total("replica messages, answered", "2(n-1)", 2L * m);
    type(RaftRun.APPEND, "n-1", m);
    type(RaftRun.APPEND_OK, "n-1", m);
    beyondTheTextbook(RaftRun.COMMIT_NOTICE, "n-1", m);
    beyondTheTextbook(RaftRun.COMMIT_NOTICE_OK, "n-1", m);
    client("1+1", 2);
    busiest("2(n-1)", 2L * m);
    delays(4, 4);
  }

  private void basicPaxos() {
    int m = n - 1;
    types(
        "replica messages, answered", "4(n-1)", 4L * m, "PREPARE", "PROMISE", "ACCEPT", "ACCEPTED");
    total("replica messages, executed", "5(n-1)", 5L * m);
    for (String type : List.of("PREPARE", "PROMISE", "ACCEPT", "ACCEPTED", "DECIDE")) {
      type(type, "n-1", m);
    }
    client("1+1", 2);
    busiest("5(n-1)", 5L * m);
    delays(6, 6);
  }

  private void multiPaxos() {
    int m = n - 1;
    types("replica messages, answered", "2(n-1)", 2L * m, "ACCEPT", "ACCEPTED");
    total("replica messages, executed", "3(n-1)", 3L * m);
    for (String type : List.of("ACCEPT", "ACCEPTED", "COMMIT")) {
      type(type, "n-1", m);
    }
    client("1+1", 2);
    busiest("3(n-1)", 3L * m);
    delays(4, 4);
    once("phase 1, once a leadership", "2(n-1)", 2L * m, "PREPARE", "PROMISE");
  }

  private void zab() {
    int m = n - 1;
    types("replica messages, answered", "2(n-1)", 2L * m, "PROPOSE", "ACK");
    total("replica messages, executed", "3(n-1)", 3L * m);
    for (String type : List.of("PROPOSE", "ACK", "COMMIT")) {
      type(type, "n-1", m);
    }
    client("1+1", 2);
    busiest("3(n-1)", 3L * m);
    delays(4, 4);
    once(
        "discovery and synchronisation, once an epoch",
        "6(n-1)",
        6L * m,
        "CEPOCH",
        "NEW-EPOCH",
        "ACK-EPOCH",
        "NEW-LEADER",
        "ACK-LEADER",
        "COMMIT-LEADER");
  }

  private void add(String quantity, String formula, long expected, int requests, Count count) {
    sheet.messages(quantity, formula, expected, requests, count);
  }

  private void total(String quantity, String formula, long expected) {
    Count count = measured.counters().of(Purpose.ORDERING);
    add(quantity, formula, expected, measured.requests(), count);
  }

  private void types(String quantity, String formula, long expected, String... types) {
    Count count = Sheet.sum(measured.counters(), Purpose.ORDERING, types);
    add(quantity, formula, expected, measured.requests(), count);
  }

  private void type(String type, String formula, long expected) {
    types("  " + type, formula, expected, type);
  }

  private void beyondTheTextbook(String type, String formula, long expected) {
    Count count = measured.counters().of(Purpose.BACKGROUND, type);
    add("  beyond the textbook: " + type, formula, expected, measured.requests(), count);
  }

  private void client(String formula, long expected) {
    Count count = measured.counters().of(Purpose.CLIENT);
    add("client messages", formula, expected, measured.requests(), count);
  }

  private void busiest(String formula, long expected) {
    long busiest = measured.counters().busiest();
    add("busiest replica", formula, expected, measured.requests(), new Count(busiest, busiest));
  }

  private void delays(long toAnswer, long toExecution) {
    long client = measured.clientDelays();
    add("delays, answered", String.valueOf(toAnswer), toAnswer, 1, new Count(client, client));
    long all = measured.allDelays();
    add("delays, executed", String.valueOf(toExecution), toExecution, 1, new Count(all, all));
  }

  private void once(String quantity, String formula, long expected, String... types) {
    Count count = Sheet.sum(measured.preparation(), Purpose.ELECTION, types);
    add(quantity, formula, expected, 1, count);
  }
}
