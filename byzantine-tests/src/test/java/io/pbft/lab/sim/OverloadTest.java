package io.pbft.lab.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.codec.Limits;
import io.pbft.core.message.Reason;
import io.pbft.lab.catalogue.Resources;
import io.pbft.lab.play.Player;
import io.pbft.lab.scenario.Scenario;
import io.pbft.lab.scenario.ScenarioText;
import org.junit.jupiter.api.Test;

/** Clients want more than there is room for. */
class OverloadTest {
  private static final int MODEST = 4;
  private static final int GREEDY = 2;
  private static final int MODEST_OPERATIONS = 250;
  private static final int GREEDY_OPERATIONS = 1_500;
  private static final int IN_FLIGHT = 20;
  private static final int READS = 50;

  private final Simulation world =
      Simulation.builder().config(config()).clients(MODEST + GREEDY).seed(5).build();
  private int modestDone;
  private int greedyDone;
  private int readsDone;

  /** Batches of ten, so that a replica has room for 1,024 requests. */
  private static ProtocolConfig config() {
    Limits limits = new Limits(256 * 1024, 4 * 1024, 4 * 1024, 10, 64 * 1024);
    return ProtocolConfig.of(4).toBuilder()
        .checkpointInterval(32)
        .logWindow(128)
        .history(0)
        .pipeline(4)
        .sessionsPerClient(8)
        .requestTimeoutMillis(2_000)
        .viewChangeTimeoutMillis(2_000)
        .viewChangeTimeoutCapMillis(8_000)
        .statusIntervalMillis(50)
        .limits(limits)
        .build();
  }

  @Test
  void theExcessIsRefusedAndTheModestAreDoneLongBeforeTheGreedy() {
    for (int client = 0; client < GREEDY; client++) {
      for (int i = 0; i < GREEDY_OPERATIONS; i++) {
        world.client(MODEST + client).invoke(Worlds.bytes("g=" + i), result -> greedyDone++);
      }
    }
    for (int client = 0; client < MODEST; client++) {
      for (int i = 0; i < IN_FLIGHT; i++) {
        next(client, i);
      }
    }
    int allModest = MODEST * MODEST_OPERATIONS;
    assertThat(world.runUntil(() -> modestDone == allModest, 20_000)).isTrue();
    assertThat(world.refusals()).containsKey(Reason.CLIENT_THROTTLED);
    assertThat(greedyDone)
        .as("of %d that wait, while others did %d", GREEDY * GREEDY_OPERATIONS, allModest)
        .isLessThan(GREEDY * GREEDY_OPERATIONS / 2);

    assertThat(world.runUntil(() -> greedyDone == GREEDY * GREEDY_OPERATIONS, 60_000)).isTrue();
    for (int replica = 0; replica < 4; replica++) {
      assertThat(world.replica(replica).status().view()).isZero();
    }
    Worlds.assertAllAgree(world);
  }

  /** A reader of long operations, alone and beside two writers. */
  @Test
  void longReadsBeyondTheirShareAreOrderedAndAllAreAnswered() {
    byte[] operation = Worlds.bytes("k".repeat(4_000));
    for (int i = 0; i < READS; i++) {
      world.client(MODEST).read(operation, result -> readsDone++);
    }
    assertThat(world.runUntil(() -> readsDone == READS, 20_000)).isTrue();
    assertThat(world.refusals()).as("alone it has no share").isEmpty();

    for (int client = 0; client < 2; client++) {
      for (int i = 0; i < IN_FLIGHT; i++) {
        next(client, i);
      }
    }
    assertThat(world.runUntil(() -> modestDone > 0, 20_000)).isTrue();
    for (int i = 0; i < READS; i++) {
      world.client(MODEST).read(operation, result -> readsDone++);
    }
    assertThat(
            world.runUntil(
                () -> readsDone == 2 * READS && modestDone == 2 * MODEST_OPERATIONS, 20_000))
        .isTrue();
    assertThat(world.refusals()).containsOnlyKeys(Reason.CLIENT_THROTTLED);
    assertThat(world.replica(0).status().view()).isZero();
    Worlds.assertAllAgree(world);
  }

  /** The links carry what clients have in flight, but not within a request timeout. */
  @Test
  void loadOfLargeRequestsDeposesNobody() {
    String file = "found/queue-longer-than-the-timeout.traitor";
    Scenario found = ScenarioText.parse(Resources.read(file));
    assertThat(Player.play(found, found.seed(1)).violations()).isEmpty();
  }

  private void next(int client, int index) {
    world
        .client(client)
        .invoke(
            Worlds.bytes("m" + client + "=" + index),
            result -> {
              modestDone++;
              if (index + IN_FLIGHT < MODEST_OPERATIONS) {
                world.after(1, () -> next(client, index + IN_FLIGHT));
              }
            });
  }
}
