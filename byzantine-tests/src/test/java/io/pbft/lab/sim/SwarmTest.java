package io.pbft.lab.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.validation.AuthenticationMode;
import io.pbft.crypto.Principal;
import io.pbft.lab.traitor.MutationWalker;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Random faults and up to f random traitors; then the network heals, the traitors stay, and
 * everything must complete. {@code -Dswarm.from=N -Dswarm.runs=N} choose other seeds than the few
 * of a build.
 */
class SwarmTest {
  private static final long FROM = Long.getLong("swarm.from", 1);
  private static final int RUNS = Integer.getInteger("swarm.runs", 60);

  @Test
  void survivesWhatItMustSurvive() {
    for (long seed = FROM; seed < FROM + RUNS; seed++) {
      try {
        run(seed);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("swarm seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  static Simulation.Listener listener = Simulation.Listener.NONE;

  static void run(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int n = new int[] {4, 4, 5, 6, 7}[random.nextInt(5)];
    int f = (n - 1) / 3;
    ProtocolConfig config = Worlds.small(n);
    int traitors = random.nextInt(f + 1);
    int firstTraitor = random.nextInt(n);
    double rate = random.nextDouble() * 0.6;
    Simulation world =
        Simulation.builder()
            .config(config)
            .clients(3)
            .seed(seed)
            .mode(random.nextInt(8) == 0 ? AuthenticationMode.SIGNATURE : AuthenticationMode.MAC)
            .traitors(
                id ->
                    (id - firstTraitor + n) % n < traitors
                        ? core -> new MutationWalker(core, id, n, seed * 31 + id, rate)
                        : null)
            .build();
    world.listener(listener);
    world.network().latency(100, 1_000 + random.nextInt(20_000));
    Load load = Load.on(world, 3, 40);
    int phases = 1 + random.nextInt(6);
    for (int phase = 0; phase < phases; phase++) {
      disturb(world, random, n);
      world.run(random.nextInt(1_500));
      killAndRestart(world, random, firstTraitor, traitors);
      world.network().heal();
    }
    int crashes = random.nextInt(f - traitors + 1);
    for (int i = 0; i < crashes; i++) {
      int victim = (firstTraitor + traitors + i) % n;
      world.crash(victim);
      if (random.nextBoolean()) {
        world.run(random.nextInt(1_000));
        world.restartWithoutMemory(victim);
      }
    }
    boolean done = load.finish(120_000);
    StringBuilder where =
        new StringBuilder("n=" + n + " traitors=" + traitors + " crashes=" + crashes);
    for (int i = 0; i < n; i++) {
      where.append("\n  r").append(i).append(' ').append(world.replica(i).status());
    }
    assertThat(done).as("all requests complete: %s", where).isTrue();
  }

  /**
   * Kills any number of honest replicas, perhaps all; they come back with what they had persisted.
   */
  private static void killAndRestart(
      Simulation world, SplittableRandom random, int firstTraitor, int traitors) {
    int n = world.config().n();
    boolean[] killed = new boolean[n];
    double share = random.nextInt(3) == 0 ? random.nextDouble() : 0;
    for (int i = 0; i < n; i++) {
      killed[i] = (i - firstTraitor + n) % n >= traitors && random.nextDouble() < share;
      if (killed[i]) {
        world.crash(i);
      }
    }
    world.run(random.nextInt(300));
    for (int i = 0; i < n; i++) {
      if (killed[i]) {
        world.restart(i);
      }
    }
  }

  private static void disturb(Simulation world, SplittableRandom random, int n) {
    switch (random.nextInt(5)) {
      case 0 -> world.network().loss(random.nextDouble() * 0.4);
      case 1 -> world.network().isolate(random.nextInt(n), n);
      case 2 -> world.network().duplication(random.nextDouble() * 0.5);
      case 3 -> {
        for (int i = 0; i < n; i++) {
          world
              .network()
              .cut(Principal.replica(random.nextInt(n)), Principal.replica(random.nextInt(n)));
        }
      }
      default -> {
        int type = 1 + random.nextInt(14);
        world.network().filter((from, to, t) -> t != type);
      }
    }
  }
}
