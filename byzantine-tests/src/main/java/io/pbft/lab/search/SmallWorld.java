package io.pbft.lab.search;

import io.pbft.core.ReplicaCore;
import io.pbft.lab.oracle.Judge;
import io.pbft.lab.oracle.Verdict;
import io.pbft.lab.sim.Choices;
import io.pbft.lab.sim.Network;
import io.pbft.lab.sim.Simulation;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/**
 * The smallest cluster that means anything, for {@link Explorer}: four replicas and one client that
 * writes twice, and for each message the choice to arrive in time, after the next ones, after the
 * view has changed, or never. When the requests have had time, the network heals, and both must
 * complete within the bound.
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
   * @param traitors as of {@link Simulation.Builder#traitors}
   */
  public static Verdict run(Choices choices, IntFunction<UnaryOperator<ReplicaCore>> traitors) {
    Simulation world =
        Simulation.builder()
            .config(SwarmRun.config(4))
            .choices(choices)
            .network(
                network ->
                    network.delays(ON_TIME_MICROS, OVERTAKEN_MICROS, STALE_MICROS, Network.LOST))
            .traitors(traitors)
            .build();
    Judge judge = Judge.of(world);
    int[] done = new int[1];
    for (String operation : new String[] {"x=1", "x=2"}) {
      byte[] bytes = operation.getBytes(StandardCharsets.UTF_8);
      world.client(0).invoke(bytes, result -> done[0]++);
    }
    world.runUntil(() -> done[0] == 2 || !judge.violations().isEmpty(), DISTURBED_MILLIS);
    world.network().heal();
    world.network().latency(ON_TIME_MICROS, ON_TIME_MICROS);
    judge.faultsEnded();
    world.runUntil(() -> done[0] == 2 || !judge.violations().isEmpty(), judge.boundMillis() + 1);
    world.run(10);
    return judge.verdict();
  }
}
