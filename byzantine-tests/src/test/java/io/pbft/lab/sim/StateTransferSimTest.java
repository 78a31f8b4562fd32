package io.pbft.lab.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.CoreStatus;
import io.pbft.core.Effect;
import io.pbft.core.Event;
import io.pbft.core.ReplicaCore;
import io.pbft.core.message.Chunks;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.Reason;
import io.pbft.core.spi.ExecutionContext;
import io.pbft.core.spi.Snapshot;
import io.pbft.core.spi.StateMachine;
import io.pbft.core.state.StateMap;
import io.pbft.crypto.Digest;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A replica without state among busy ones, over the simulated network. */
class StateTransferSimTest {
  private static final int ENTRIES = 20_000;
  private static final int EMPTIED = 3;

  private int answers;

  /** Begins with many entries; operations are {@code key=value}. */
  private static final class MapMachine implements StateMachine {
    private final StateMap map = new StateMap();

    MapMachine() {
      for (int i = 0; i < ENTRIES; i++) {
        map.put(Worlds.bytes("key" + i), Worlds.bytes("the value of key " + i));
      }
    }

    @Override
    public byte[] execute(byte[] operation, ExecutionContext context) {
      String[] parts = new String(operation, java.nio.charset.StandardCharsets.UTF_8).split("=");
      byte[] before = map.put(Worlds.bytes(parts[0]), Worlds.bytes(parts[1]));
      return before == null ? new byte[0] : before;
    }

    @Override
    public byte[] query(byte[] operation) {
      return map.get(operation);
    }

    @Override
    public Snapshot snapshot() {
      return map.snapshot();
    }

    @Override
    public void restore(Snapshot snapshot) {
      map.restore(snapshot);
    }

    Digest digest() {
      return map.snapshot().root().digest();
    }
  }

  /** Orders honestly, and makes chunks up. */
  private record LyingDonor(ReplicaCore honest, int id) implements ReplicaCore {
    @Override
    public List<Effect> step(Event event) {
      return honest.step(event).stream().map(this::rewritten).toList();
    }

    private Effect rewritten(Effect effect) {
      if (effect instanceof Effect.SendChunks e) {
        byte[] lie = {0, 1, 2};
        return new Effect.Send(e.to(), new Chunks(e.asked().ticket(), List.of(lie), id));
      }
      return effect;
    }

    @Override
    public CoreStatus status() {
      return honest.status();
    }
  }

  private Simulation world(IntFunction<UnaryOperator<ReplicaCore>> traitors) {
    Simulation world =
        Simulation.builder()
            .config(Worlds.small(4))
            .clients(2)
            .machine(MapMachine::new)
            .traitors(traitors)
            .build();
    assertThat(Load.on(world, 2, 50).finish(10_000)).isTrue();
    world
        .network()
        .filter(
            (from, to, type) -> {
              answers += to.id() == EMPTIED && type == MessageType.CHUNKS.tag() ? 1 : 0;
              return true;
            });
    return world;
  }

  private static Digest state(Simulation world, int replica) {
    return ((MapMachine) world.replica(replica).machine()).digest();
  }

  private static void assertCaughtUp(Simulation world) {
    boolean level =
        world.runUntil(
            () ->
                world.replica(EMPTIED).status().lastExecuted()
                    == world.replica(0).status().lastExecuted(),
            5_000);
    assertThat(level).as("%s", world.replica(EMPTIED).status()).isTrue();
    assertThat(state(world, EMPTIED)).isEqualTo(state(world, 0));
  }

  @Test
  void itFetchesTheStateWhileTheOthersGoOn() {
    Simulation world = world(id -> null);
    world.crash(EMPTIED);
    Load load = Load.on(world, 2, 200);
    world.restartWithoutMemory(EMPTIED);
    assertThat(load.finish(20_000)).isTrue();
    assertCaughtUp(world);
    assertThat(world.replica(0).status().view()).isZero();
  }

  @Test
  void aDonorThatLiesIsFoundOutAndCostsNothing() {
    Simulation world = world(id -> id == 1 ? core -> new LyingDonor(core, 1) : null);
    // Not every time is the liar among those who are asked.
    for (int i = 0; i < 5 && !world.refusals().containsKey(Reason.BAD_CHUNK); i++) {
      world.crash(EMPTIED);
      world.restartWithoutMemory(EMPTIED);
      Load load = Load.on(world, 2, 50);
      assertThat(load.finish(20_000)).isTrue();
      assertCaughtUp(world);
    }
    assertThat(world.refusals()).containsKey(Reason.BAD_CHUNK);
  }

  @Test
  void aLossyNetworkDelaysItAndNoMore() {
    Simulation world = world(id -> null);
    world.crash(EMPTIED);
    world.restartWithoutMemory(EMPTIED);
    world.network().loss(0.1).duplication(0.05);
    world.run(4_000);
    world.network().heal();
    assertCaughtUp(world);
  }

  @Test
  void whatAnInterruptedAttemptHasFetchedIsNotFetchedAgain() {
    Simulation whole = world(id -> null);
    whole.crash(EMPTIED);
    whole.restartWithoutMemory(EMPTIED);
    assertCaughtUp(whole);
    int inOneGo = answers;
    // Two questions at each of three donors may be under way at the crash.
    int lost = 6 + 1;
    assertThat(inOneGo).isGreaterThan(lost + 1);

    answers = 0;
    Simulation interrupted = world(id -> null);
    interrupted.crash(EMPTIED);
    interrupted.restartWithoutMemory(EMPTIED);
    assertThat(interrupted.runUntil(() -> answers >= inOneGo - 2, 5_000)).isTrue();
    interrupted.crash(EMPTIED);
    answers = 0;
    interrupted.restart(EMPTIED);
    assertCaughtUp(interrupted);
    assertThat(answers).isBetween(1, lost);
  }
}
