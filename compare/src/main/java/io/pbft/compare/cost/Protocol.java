package io.pbft.compare.cost;

import io.pbft.compare.paxos.BasicPaxos;
import io.pbft.compare.paxos.MultiPaxos;
import io.pbft.compare.pbft.PbftRun;
import io.pbft.compare.raft.RaftRun;
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

  Measured measure(int n) {
    return switch (this) {
      case PBFT_MAC -> PbftRun.measure(n, AuthenticationMode.MAC, REQUESTS);
      case PBFT_SIGNATURE -> PbftRun.measure(n, AuthenticationMode.SIGNATURE, REQUESTS);
      case RAFT -> RaftRun.measure(n, REQUESTS);
      // One instance chooses one command.
      case BASIC_PAXOS -> CrashRun.measure(n, id -> new BasicPaxos(id, n), 0, 0, 1);
      case MULTI_PAXOS -> CrashRun.measure(n, id -> new MultiPaxos(id, n), 0, 155_000, REQUESTS);
      case ZAB -> CrashRun.measure(n, id -> new Zab(id, n), n - 1, 120_000, REQUESTS);
    };
  }
}
