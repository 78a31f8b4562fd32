package io.pbft.lab.search;

import io.pbft.lab.oracle.Judge;
import io.pbft.lab.oracle.Verdict;
import io.pbft.lab.sim.Choices;
import io.pbft.lab.sim.Network;
import io.pbft.lab.sim.Simulation;
import io.pbft.lab.traitor.Gang;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * The smallest cluster that means anything, for {@link Explorer}: four replicas and one client that
 * writes twice, and for each message the choice to arrive in time, after the next ones, after the
 * view has changed, or never. When the requests have had time, the network heals, and both must
 * complete within the bound.
 *
 * <p>With tentative execution the second write is asked for when the first is acknowledged, and
 * both only when a checkpoint is stable: without one nothing is executed tentatively.
 */
public final class SmallWorld {
  private static final long ON_TIME_MICROS = 1_000;
  private static final long OVERTAKEN_MICROS = 2_500;
  private static final long STALE_MICROS = 900_000;
  private static final long DISTURBED_MILLIS = 1_500;

  private SmallWorld() {}

  /**
   * Runs it.
   *
   * @param twoFaced whether replica 0, the primary, tells replicas 2 and 3 another story
   * @param tentative whether replicas execute tentatively
   */
  public static Verdict run(Choices choices, boolean twoFaced, boolean tentative) {
    boolean[] begun = {!tentative};
    Gang gang = new Gang(4, twoFaced ? Set.of(0) : Set.of(), id -> id >= 2, () -> begun[0]);
    Simulation world =
        Simulation.builder()
            .config(SwarmRun.config(4).toBuilder().tentativeExecution(tentative).build())
            .choices(choices)
            .network(network -> disturb(network, !tentative))
            .traitors(gang::member)
            .build();
    Judge judge = Judge.of(world);
    if (tentative) {
      Tentative.prepare(world);
      begun[0] = true;
    }
    disturb(world.network(), true);
    int[] done = new int[1];
    if (tentative) {
      invoke(
          world,
          "x=1",
          () -> {
            done[0]++;
            invoke(world, "x=2", () -> done[0]++);
          });
    } else {
      invoke(world, "x=1", () -> done[0]++);
      invoke(world, "x=2", () -> done[0]++);
    }
    world.runUntil(() -> done[0] == 2 || judge.hasViolations(), DISTURBED_MILLIS);
    world.network().heal();
    disturb(world.network(), false);
    judge.faultsEnded();
    world.runUntil(
        () -> (done[0] == 2 && judge.isAllDecided()) || judge.hasViolations(),
        judge.boundMillis() + 1);
    world.run(10);
    return judge.verdict();
  }

  private static void disturb(Network network, boolean disturbed) {
    if (disturbed) {
      network.delays(ON_TIME_MICROS, OVERTAKEN_MICROS, STALE_MICROS, Network.LOST);
    } else {
      network.latency(ON_TIME_MICROS, ON_TIME_MICROS);
    }
  }

  private static void invoke(Simulation world, String operation, Runnable whenDone) {
    byte[] bytes = operation.getBytes(StandardCharsets.UTF_8);
    world.client(0).invoke(bytes, result -> whenDone.run());
  }
}
