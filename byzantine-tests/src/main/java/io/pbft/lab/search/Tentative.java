package io.pbft.lab.search;

import io.pbft.lab.sim.Simulation;
import java.nio.charset.StandardCharsets;

/** What there has to be before anything is executed tentatively. */
final class Tentative {
  private static final long PATIENCE_MILLIS = 20_000;

  private Tentative() {}

  /** Has the first client write, one after the other, until a checkpoint is stable everywhere. */
  static void prepare(Simulation world) {
    write(world);
    world.runUntil(() -> isReady(world), PATIENCE_MILLIS);
    if (!isReady(world)) {
      throw new IllegalStateException("no checkpoint is stable before the faults begin");
    }
  }

  private static void write(Simulation world) {
    byte[] operation = "before=".getBytes(StandardCharsets.UTF_8);
    world
        .client(0)
        .invoke(
            operation,
            result -> {
              if (!isStable(world)) {
                write(world);
              }
            });
  }

  private static boolean isReady(Simulation world) {
    return isStable(world) && world.client(0).unanswered().isEmpty();
  }

  private static boolean isStable(Simulation world) {
    for (int i = 0; i < world.config().n(); i++) {
      if (!world.isTraitor(i) && world.replica(i).status().stableCheckpoint() == 0) {
        return false;
      }
    }
    return true;
  }
}
