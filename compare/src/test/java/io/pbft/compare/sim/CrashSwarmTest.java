package io.pbft.compare.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.compare.paxos.BasicPaxos;
import io.pbft.compare.paxos.MultiPaxos;
import io.pbft.compare.zab.Zab;
import java.util.function.IntFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Agreement, order, validity, durability and liveness of each protocol over random runs. {@code
 * -Dcrash.from=N -Dcrash.runs=N} choose other seeds than those of a build.
 */
class CrashSwarmTest {
  private static final long FROM = Long.getLong("crash.from", 1);
  private static final int RUNS = Integer.getInteger("crash.runs", 400);

  enum Subject {
    BASIC_PAXOS(1),
    MULTI_PAXOS(20),
    ZAB(20);

    private final int operations;

    Subject(int operations) {
      this.operations = operations;
    }

    private IntFunction<Node> nodes(int n) {
      return switch (this) {
        case BASIC_PAXOS -> id -> new BasicPaxos(id, n);
        case MULTI_PAXOS -> id -> new MultiPaxos(id, n);
        case ZAB -> id -> new Zab(id, n);
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void survivesCrashesAndABadNetwork(Subject subject) {
    for (long seed = FROM; seed < FROM + RUNS; seed++) {
      CrashSwarm.run(subject::nodes, seed, subject.operations);
    }
  }

  /** The oracle can fail: nodes that lose their disks break what acceptors have promised. */
  @ParameterizedTest
  @EnumSource(names = {"MULTI_PAXOS", "ZAB"})
  void amnesiaIsCaught(Subject subject) {
    int caught = 0;
    for (long seed = 1; seed <= 60 && caught == 0; seed++) {
      caught += CrashSwarm.isCaughtWithAmnesia(subject::nodes, seed, subject.operations) ? 1 : 0;
    }
    assertThat(caught).isPositive();
  }
}
