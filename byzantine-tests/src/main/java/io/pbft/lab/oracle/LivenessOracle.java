package io.pbft.lab.oracle;

import io.pbft.core.ProtocolConfig;
import io.pbft.lab.sim.Simulation;
import io.pbft.lab.sim.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Whether every correct client's operations completed in time, and those that were acknowledged
 * tentatively were decided as long after that, if that was owed. It is owed once the faults have
 * ended, provided that at most f replicas are faulty for good: traitors, dead, paused or cut off.
 *
 * <p>The bound, from the end of the faults or from the asking, whichever is later: the client's
 * longest pause between two transmissions, and {@code f + 2} times (the request timeout and twice
 * the longest view-change timeout), since each of at most f faulty primaries in a row costs a
 * request timeout and a view change, timers may have grown to their cap during the faults, replicas
 * that stand in different views meet in one more, and the cap may pass twice before all ask for the
 * same view; and 100 times the longest message delay for the messages and the disks.
 */
public final class LivenessOracle {
  private static final long CLIENT_PAUSE_MILLIS = 2_000;
  private static final int DELAYS = 100;

  private final Simulation world;
  private final History history;
  private final TreeSet<Integer> rejoining = new TreeSet<>();
  private long faultsEndedAt = -1;

  LivenessOracle(Simulation world, History history) {
    this.world = world;
    this.history = history;
  }

  /** From now on the network is as it should be, and who is faulty now stays so. */
  void onFaultsEnded() {
    faultsEndedAt = world.elapsedMicros();
  }

  long faultsEndedAt() {
    return faultsEndedAt;
  }

  /** The replica has lost its memory, and counts as faulty until it votes again. */
  void onRejoining(int replica) {
    rejoining.add(replica);
  }

  void onRejoined(int replica) {
    rejoining.remove(replica);
  }

  /** In milliseconds. */
  long boundMillis() {
    ProtocolConfig config = world.config();
    long perView = config.requestTimeoutMillis() + 2 * config.viewChangeTimeoutCapMillis();
    int f = config.quorums().f();
    return CLIENT_PAUSE_MILLIS
        + (f + 2) * perView
        + DELAYS * (1 + world.network().longestDelayMicros() / 1000);
  }

  /** Why nothing is owed, or an empty text. */
  private String excuse() {
    TreeSet<Integer> faulty = new TreeSet<>(world.traitors());
    faulty.addAll(rejoining);
    for (int i = 0; i < world.config().n(); i++) {
      boolean absent = world.replica(i).isStopped() || world.replica(i).isPaused();
      if (absent || world.network().isCutOff(i)) {
        faulty.add(i);
      }
    }
    int f = world.config().quorums().f();
    if (faulty.size() > f) {
      return "replicas " + faulty + " are faulty or cut off, more than f = " + f;
    }
    if (faultsEndedAt < 0) {
      return "the faults have not ended";
    }
    return world.network().isLossy() ? "the network still loses messages" : "";
  }

  Verdict.Judgement judge() {
    String excuse = excuse();
    if (!excuse.isEmpty()) {
      return Verdict.Judgement.notOwed(excuse);
    }
    List<String> late = new ArrayList<>();
    int waiting = 0;
    long longest = 0;
    for (History.Item item : history.items()) {
      boolean undecided = history.isUndecided(item);
      boolean over = item.isComplete() && !undecided;
      long begun = undecided ? item.completedAt() : item.invocation().atMicros();
      long until = over ? item.completedAt() : world.elapsedMicros();
      long waited = Math.max(0, (until - Math.max(begun, faultsEndedAt)) / 1000);
      longest = Math.max(longest, waited);
      waiting += over ? 0 : 1;
      if (waited > boundMillis()) {
        String what = undecided ? " was acknowledged, and is undecided for " : " waits for ";
        late.add(item.invocation() + (over ? " took " : what) + waited);
      }
    }
    if (!late.isEmpty()) {
      String what = late.get(0) + " ms, bound " + boundMillis() + " ms; " + late.size() + " in all";
      world.report(Violation.Kind.LIVENESS, List.of(), what);
      return Verdict.Judgement.violated(what);
    }
    return waiting > 0
        ? Verdict.Judgement.notOwed(waiting + " operations wait, none beyond the bound yet")
        : new Verdict.Judgement(
            Verdict.Outcome.HOLDS, "longest " + longest + " ms, bound " + boundMillis() + " ms");
  }
}
