package io.pbft.core.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pbft.core.Effect;
import io.pbft.core.Event;
import io.pbft.core.codec.Limits;
import io.pbft.core.message.Chunk;
import io.pbft.core.message.Manifest;
import io.pbft.core.message.ReadRequest;
import io.pbft.core.message.Reason;
import io.pbft.core.spi.KeptSnapshot;
import io.pbft.core.spi.Recovered;
import io.pbft.core.spi.Snapshot;
import io.pbft.core.transfer.ChunkTree;
import io.pbft.crypto.Digest;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Snapshots taken, served, gathered and installed. */
class StateEffectsTest {
  private static final byte[] META = {1, 2, 3};

  private final DriverHarness.EchoMachine machine = new DriverHarness.EchoMachine();
  private final DriverHarness harness = new DriverHarness(machine, Limits.DEFAULT).begin();

  /** A state of so many chunks, the last one short; each chunk is filled with its number. */
  private static byte[] state(int... chunks) {
    byte[] state = new byte[chunks.length * Snapshot.CHUNK_BYTES - 1];
    for (int i = 0; i < chunks.length; i++) {
      int from = i * Snapshot.CHUNK_BYTES;
      Arrays.fill(
          state, from, Math.min(state.length, from + Snapshot.CHUNK_BYTES), (byte) chunks[i]);
    }
    return state;
  }

  private static List<Digest> leaves(byte[] state) {
    Snapshot snapshot = Snapshot.of(state);
    return IntStream.range(0, snapshot.chunks())
        .mapToObj(i -> ChunkTree.leaf(snapshot.chunk(i)))
        .toList();
  }

  private Event lastEvent() {
    return harness.core.events.get(harness.core.events.size() - 1);
  }

  @Test
  void aSnapshotIsAnsweredWithItsRoot() {
    machine.state = state(1, 2, 3);
    harness.deliver(new Effect.TakeSnapshot(128, META));
    assertThat(lastEvent())
        .isEqualTo(
            new Event.SnapshotTaken(
                harness.clock.millis, 128, ChunkTree.root(leaves(state(1, 2, 3)))));
  }

  @Test
  void aKeptSnapshotIsServedAndAnUnknownOneIsNot() {
    machine.state = state(1, 2);
    harness.deliver(new Effect.TakeSnapshot(128, META), new Effect.SendManifest(3, 128));
    Manifest manifest = (Manifest) harness.transport.last();
    assertThat(manifest.meta()).isEqualTo(META);
    assertThat(manifest.chunks()).isEqualTo(leaves(state(1, 2)));
    machine.state = state(9);
    harness.deliver(new Effect.SendChunk(3, 128, 1));
    Chunk chunk = (Chunk) harness.transport.last();
    assertThat(ChunkTree.leaf(chunk.bytes())).isEqualTo(manifest.chunks().get(1));

    harness.transport.log.clear();
    harness.deliver(
        new Effect.SendManifest(3, 256),
        new Effect.SendChunk(3, 256, 0),
        new Effect.SendChunk(3, 128, 2));
    assertThat(harness.transport.log).isEmpty();
  }

  @Test
  void discardKeepsTheStableCheckpointsOwnSnapshotAndTwoOlderForThoseWhoAreFetchingThem() {
    harness.deliver(
        new Effect.TakeSnapshot(128, META),
        new Effect.TakeSnapshot(256, META),
        new Effect.TakeSnapshot(384, META),
        new Effect.TakeSnapshot(512, META),
        new Effect.Discard(512));
    assertThat(harness.snapshots.get(128)).isNull();
    assertThat(harness.snapshots.get(256)).isNotNull();
    assertThat(harness.snapshots.newest().sequence()).isEqualTo(512);
    assertThat(harness.journal.discarded).containsExactly(512L);
  }

  @Test
  void onlyChunksThatDifferAreMissing() {
    machine.state = state(1, 2, 3, 4);
    harness.deliver(new Effect.TakeSnapshot(128, META));
    byte[] target = state(7, 1, 3, 8, 2);
    byte[] meta = {9};
    harness.deliver(new Effect.StageManifest(new Manifest(256, meta, leaves(target), 1)));
    assertThat(((Event.ManifestStaged) lastEvent()).missing()).containsExactly(0, 3, 4);

    Snapshot wanted = Snapshot.of(target);
    harness.deliver(
        new Effect.StageChunk(256, 4, wanted.chunk(4)),
        new Effect.StageChunk(256, 0, wanted.chunk(0)),
        new Effect.StageChunk(128, 3, new byte[] {66}),
        new Effect.StageChunk(256, 3, wanted.chunk(3)),
        new Effect.InstallSnapshot(256));
    assertThat(lastEvent()).isEqualTo(new Event.SnapshotInstalled(harness.clock.millis, 256));
    assertThat(machine.state).isEqualTo(target);
    KeptSnapshot kept = harness.snapshots.get(256);
    assertThat(kept.meta()).isEqualTo(meta);
    assertThat(kept.leaves()).isEqualTo(leaves(target));
    assertThat(kept.state().toBytes()).isEqualTo(target);
  }

  /** Others discard on the word that this replica then gives: it must be able to keep it. */
  @Test
  void aFetchedStateIsToldOnlyOnceItIsDurable() {
    harness.snapshots.durableUpTo(0);
    harness.deliver(
        new Effect.StageManifest(new Manifest(256, META, leaves(state(3)), 1)),
        new Effect.StageChunk(256, 0, Snapshot.of(state(3)).chunk(0)),
        new Effect.InstallSnapshot(256));
    assertThat(harness.core.events).noneMatch(Event.SnapshotInstalled.class::isInstance);
    harness.snapshots.durableUpTo(128);
    harness.driver.turn();
    assertThat(harness.core.events).noneMatch(Event.SnapshotInstalled.class::isInstance);
    harness.snapshots.durableUpTo(256);
    harness.driver.turn();
    assertThat(lastEvent()).isEqualTo(new Event.SnapshotInstalled(harness.clock.millis, 256));
  }

  /** The core takes the state to be its old one still; what it would say of it is not known. */
  @Test
  void whileAFetchedStateIsNotToldReadsAreRefused() {
    ReadRequest read = new ReadRequest(5, 1, 7, false, new byte[] {1});
    harness.snapshots.durableUpTo(0);
    harness.deliver(
        new Effect.StageManifest(new Manifest(256, META, List.of(), 1)),
        new Effect.InstallSnapshot(256));
    harness.transport.log.clear();
    harness.deliver(new Effect.Query(read));
    assertThat(harness.transport.log).isEmpty();
    assertThat(harness.driver.refusals()).containsEntry(Reason.CLIENT_THROTTLED, 1L);
    harness.snapshots.durableUpTo(256);
    harness.driver.turn();
    harness.deliver(new Effect.Query(read));
    assertThat(harness.transport.log).hasSize(2);
  }

  /** Checkpoints that were taken of a state that has been given up are never vouched for. */
  @Test
  void whatWasTakenOfAStateThatWasReplacedIsNotTold() {
    harness.snapshots.durableUpTo(0);
    harness.deliver(new Effect.TakeSnapshot(128, META), new Effect.TakeSnapshot(256, META));
    harness.deliver(
        new Effect.StageManifest(new Manifest(256, META, List.of(), 1)),
        new Effect.InstallSnapshot(256));
    harness.snapshots.durableUpTo(512);
    harness.driver.turn();
    assertThat(harness.core.events)
        .filteredOn(Event.SnapshotTaken.class::isInstance)
        .extracting(event -> ((Event.SnapshotTaken) event).sequence())
        .containsExactly(128L);
  }

  @Test
  void anEmptyStateIsAStateToo() {
    harness.deliver(
        new Effect.StageManifest(new Manifest(128, META, List.of(), 1)),
        new Effect.InstallSnapshot(128));
    assertThat(machine.state).isEmpty();
    assertThat(harness.snapshots.get(128).leaves()).isEmpty();
  }

  @Test
  void aLaterManifestReplacesTheOneBefore() {
    harness.deliver(
        new Effect.StageManifest(new Manifest(128, META, leaves(state(1, 2)), 1)),
        new Effect.StageManifest(new Manifest(256, META, leaves(state(3)), 1)),
        new Effect.StageChunk(128, 0, new byte[] {1}),
        new Effect.StageChunk(256, 0, Snapshot.of(state(3)).chunk(0)),
        new Effect.InstallSnapshot(256));
    assertThat(machine.state).isEqualTo(state(3));
  }

  @Test
  void anIncompleteStateIsNeverInstalled() {
    assertThatThrownBy(
            () ->
                harness.deliver(
                    new Effect.StageManifest(new Manifest(128, META, leaves(state(1, 2)), 1)),
                    new Effect.StageChunk(128, 0, Snapshot.of(state(1, 2)).chunk(0)),
                    new Effect.InstallSnapshot(128)))
        .hasMessage("1 chunks of the state at 128 are missing");
  }

  @Test
  void aChunkBeyondTheLimitStopsTheReplicaThatMadeIt() {
    DriverHarness.EchoMachine broken =
        new DriverHarness.EchoMachine() {
          @Override
          public Snapshot snapshot() {
            return new Snapshot() {
              @Override
              public int chunks() {
                return 1;
              }

              @Override
              public byte[] chunk(int index) {
                return new byte[16 * CHUNK_BYTES + 1];
              }
            };
          }
        };
    DriverHarness other = new DriverHarness(broken, Limits.DEFAULT).begin();
    assertThatThrownBy(() -> other.deliver(new Effect.TakeSnapshot(128, META)))
        .hasMessageContaining("chunk 0 of the snapshot has 1048577 bytes, more than 1048576");
  }

  /** "Bounded: a replica serves state transfer without slowing the normal case" (PROTOCOL.md). */
  @Test
  void aGreedyPeerGetsItsBudgetAndNoMore() {
    machine.state = state(1, 2);
    harness.deliver(new Effect.TakeSnapshot(128, META));
    harness.transport.log.clear();
    Effect[] greed = new Effect[200];
    Arrays.fill(greed, new Effect.SendChunk(3, 128, 0));
    harness.deliver(greed);
    // 8 MiB over chunks of 64 KiB and a little.
    assertThat(harness.transport.log).hasSize(128 + 1).endsWith("flush");
    assertThat(harness.driver.refusals()).containsEntry(Reason.PEER_THROTTLED, 72L);
    harness.deliver(new Effect.SendChunk(2, 128, 0));
    assertThat(harness.transport.log)
        .as("another peer has its own")
        .endsWith("replica 2 CHUNK", "flush");
    harness.clock.advance(harness.config.statusIntervalMillis());
    harness.deliver(new Effect.SendChunk(3, 128, 0));
    assertThat(harness.transport.log).endsWith("replica 3 CHUNK", "flush");
  }

  @Test
  void aRestartGoesBackToItsSnapshot() {
    DriverHarness.EchoMachine fresh = new DriverHarness.EchoMachine();
    DriverHarness other = new DriverHarness(fresh, Limits.DEFAULT);
    byte[] state = state(4, 5);
    other.snapshots.put(new KeptSnapshot(128, META, leaves(state), Snapshot.of(state)));
    other.driver.connect(other.transport);
    other.driver.begin(new Recovered(false, List.of(), 128, META));
    assertThat(fresh.state).isEqualTo(state);
  }
}
