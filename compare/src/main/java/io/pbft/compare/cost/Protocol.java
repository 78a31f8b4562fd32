package io.pbft.compare.cost;

import io.pbft.compare.paxos.BasicPaxos;
import io.pbft.compare.paxos.MultiPaxos;
import io.pbft.compare.pbft.PbftRun;
import io.pbft.compare.raft.RaftRun;
import io.pbft.compare.sim.Counters;
import io.pbft.compare.sim.Measured;
import io.pbft.compare.zab.Zab;
import io.pbft.core.validation.AuthenticationMode;

/** What is compared. */
public enum Protocol {
  PBFT_MAC("PBFT (mac)", true),
  PBFT_SIGNATURE("PBFT (signature)", true),
  RAFT("Raft (MicroRaft 0.7)", false),
  BASIC_PAXOS("Basic Paxos", false),
  MULTI_PAXOS("Multi-Paxos", false),
  ZAB("ZAB", false);

  /** Requests measured for each line; few enough that no checkpoint falls among them. */
  private static final int REQUESTS = 8;

  /** When these have chosen their first leader, in microseconds. */
  private static final long MULTI_READY = 155_000;

  private static final long ZAB_READY = 120_000;

  private final String title;
  private final boolean byzantine;

  Protocol(String title, boolean byzantine) {
    this.title = title;
    this.byzantine = byzantine;
  }

  public String title() {
    return title;
  }

  /** Whether faulty replicas may do anything, or just crash. */
  public boolean isByzantine() {
    return byzantine;
  }

  /** The fewest replicas that tolerate f faults. */
  public int replicas(int f) {
    return byzantine ? 3 * f + 1 : 2 * f + 1;
  }

  /** How many faults n replicas tolerate. */
  public int faults(int n) {
    return byzantine ? (n - 1) / 3 : (n - 1) / 2;
  }

  /** Failure-free requests to n replicas, one at a time. */
  public Measured measure(int n) {
    return switch (this) {
      case PBFT_MAC -> PbftRun.measure(n, AuthenticationMode.MAC, REQUESTS);
      case PBFT_SIGNATURE -> PbftRun.measure(n, AuthenticationMode.SIGNATURE, REQUESTS);
      case RAFT -> RaftRun.measure(n, REQUESTS);
      // One instance chooses one command.
      case BASIC_PAXOS -> CrashRun.measure(n, id -> new BasicPaxos(id, n), 0, 0, 1);
      case MULTI_PAXOS ->
          CrashRun.measure(n, id -> new MultiPaxos(id, n), 0, MULTI_READY, REQUESTS);
      case ZAB -> CrashRun.measure(n, id -> new Zab(id, n), n - 1, ZAB_READY, REQUESTS);
    };
  }

  /** How PBFT authenticates here. */
  AuthenticationMode mode() {
    return this == PBFT_SIGNATURE ? AuthenticationMode.SIGNATURE : AuthenticationMode.MAC;
  }

  Counters idle(int n, long millis) {
    return switch (this) {
      case PBFT_MAC, PBFT_SIGNATURE -> PbftRun.idle(n, millis);
      case RAFT -> RaftRun.idle(n, millis);
      case BASIC_PAXOS -> CrashRun.idle(n, id -> new BasicPaxos(id, n), 0, millis);
      case MULTI_PAXOS -> CrashRun.idle(n, id -> new MultiPaxos(id, n), MULTI_READY, millis);
      case ZAB -> CrashRun.idle(n, id -> new Zab(id, n), ZAB_READY, millis);
    };
  }

  Measured crash(int n) {
    return switch (this) {
      case PBFT_MAC, PBFT_SIGNATURE -> PbftRun.crash(n, mode());
      case RAFT -> RaftRun.crash(n);
      case BASIC_PAXOS -> CrashRun.crash(n, id -> new BasicPaxos(id, n), 0, 0);
      case MULTI_PAXOS -> CrashRun.crash(n, id -> new MultiPaxos(id, n), 0, MULTI_READY);
      case ZAB -> CrashRun.crash(n, id -> new Zab(id, n), n - 1, ZAB_READY);
    };
  }
}
