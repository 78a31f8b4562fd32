package io.pbft.lab.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.message.Result;

/**
 * Clients that write one operation after the other, each to a register of its own, and check the
 * answers.
 */
final class Load {
  private final Simulation world;
  private final int clients;
  private int left;

  private Load(Simulation world, int clients) {
    this.world = world;
    this.clients = clients;
  }

  static Load on(Simulation world, int clients, int operationsEach) {
    Load load = new Load(world, clients);
    load.left = clients;
    for (int c = 0; c < clients; c++) {
      load.next(c, "", operationsEach);
    }
    return load;
  }

  private void next(int client, String before, int remaining) {
    if (remaining == 0) {
      left--;
      return;
    }
    String value = client + "-" + remaining + "-" + world.nowMillis();
    world
        .client(client)
        .invoke(
            Worlds.bytes("r" + client + "=" + value),
            result -> {
              assertThat(result.outcome()).isEqualTo(Result.Outcome.OK);
              if (!before.isEmpty()) {
                assertThat(Worlds.text(result)).isEqualTo(before);
              }
              next(client, value, remaining - 1);
            });
  }

  boolean isFinished() {
    return left == 0;
  }

  /** Runs until all operations are answered; false when that takes longer than {@code millis}. */
  boolean finish(long millis) {
    boolean done = world.runUntil(() -> left == 0, millis);
    for (int c = 0; c < clients; c++) {
      assertThat(world.client(c).failures()).isEmpty();
    }
    return done;
  }
}
