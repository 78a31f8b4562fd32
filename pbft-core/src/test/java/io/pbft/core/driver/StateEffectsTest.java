package io.pbft.core.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pbft.core.Effect;
import io.pbft.core.Event;
import io.pbft.core.codec.Limits;
import io.pbft.core.message.ChunkTree;
import io.pbft.core.message.Chunks;
import io.pbft.core.message.FetchChunks;
import io.pbft.core.message.ReadReply;
import io.pbft.core.message.ReadRequest;
import io.pbft.core.message.Reason;
import io.pbft.core.spi.KeptSnapshot;
import io.pbft.core.spi.Recovered;
import io.pbft.core.spi.Snapshot;
import io.pbft.core.spi.StateNode;
import io.pbft.crypto.Digest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

  private static Digest digest(long sequence, byte[] state) {
    return new KeptSnapshot(sequence, META, Snapshot.of(state)).digest();
  }

  private Event lastEvent() {
    return harness.core.events.get(harness.core.events.size() - 1);
  }

  private static Effect ask(int peer, long sequence, Digest... digests) {
    return new Effect.SendChunks(peer, new FetchChunks(sequence, 7, List.of(digests), peer));
  }

  private List<byte[]> lastChunks() {
    return ((Chunks) harness.transport.last()).chunks();
  }

  /** All chunks of a state, the uppermost first. */
  private static List<byte[]> chunks(StateNode node) {
    List<byte[]> all = new ArrayList<>(List.of(node.chunk()));
    node.children().forEach(child -> all.addAll(chunks(child)));
    return all;
  }

  @Test
  void aSnapshotIsAnsweredWithTheDigestOfMetaAndState() {
    machine.state = state(1, 2, 3);
    harness.deliver(new Effect.TakeSnapshot(128, META));
    assertThat(lastEvent())
        .isEqualTo(new Event.SnapshotTaken(harness.clock.millis, 128, digest(128, state(1, 2, 3))));
  }

  @Test
  void aKeptSnapshotsChunksAreServedAndUnknownOnesAreToldToBeAbsent() {
    machine.state = state(1, 2);
    Digest root = digest(128, state(1, 2));
    harness.deliver(new Effect.TakeSnapshot(128, META), ask(3, 128, root));
    assertThat(lastChunks()).hasSize(1);
    assertThat(ChunkTree.digest(lastChunks().get(0))).isEqualTo(root);
    Digest state = ChunkTree.children(lastChunks().get(0)).get(1);
    machine.state = state(9);
    harness.deliver(ask(3, 128, state, Digest.ZERO));
    assertThat(ChunkTree.digest(lastChunks().get(0))).isEqualTo(state);
    assertThat(lastChunks().get(1)).as("not here").isEmpty();
  }

  @Test
  void anAnswerHoldsWhatFitsAndAtLeastOneChunk() {
    machine.state = state(1, 2, 3, 4, 5, 6);
    harness.deliver(new Effect.TakeSnapshot(128, META));
    List<Digest> leaves =
        Snapshot.of(state(1, 2, 3, 4, 5, 6)).root().children().stream()
            .map(StateNode::digest)
            .toList();
    harness.deliver(ask(3, 128, leaves.toArray(new Digest[0])));
    assertThat(lastChunks()).as("256 KiB, in chunks of 64 KiB and a byte").hasSize(3);
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
  void aSnapshotThatAPeerIsFetchingStaysWhileItGoesOnAsking() {
    machine.state = state(1, 2);
    harness.deliver(new Effect.TakeSnapshot(128, META));
    for (long stable = 256; stable <= 2560; stable += 128) {
      machine.state = state((int) (stable / 128));
      harness.deliver(
          new Effect.TakeSnapshot(stable, META),
          ask(3, 128, digest(128, state(1, 2))),
          new Effect.Discard(stable));
      harness.clock.advance(harness.config.statusIntervalMillis());
    }
    assertThat(harness.snapshots.get(128)).isNotNull();
    assertThat(harness.snapshots.get(256)).as("nobody fetches it").isNull();
    harness.clock.advance(20 * harness.config.statusIntervalMillis());
    harness.deliver(new Effect.Discard(2560));
    assertThat(harness.snapshots.get(128)).as("the peer is gone").isNull();
  }

  @Test
  void onlyChunksThatDifferAreMissing() {
    machine.state = state(1, 2, 3, 4);
    harness.deliver(new Effect.TakeSnapshot(128, META));
    byte[] target = state(7, 1, 3, 8, 2, 2);
    KeptSnapshot wanted = new KeptSnapshot(256, META, Snapshot.of(target));
    harness.deliver(new Effect.SeekState(1, wanted.digest()));
    assertThat(missing()).containsExactly(wanted.digest());
    harness.deliver(new Effect.StageChunks(1, List.of(wanted.root().chunk())));
    StateNode top = wanted.state().root();
    assertThat(missing()).as("the meta is the same").containsExactly(top.digest());
    harness.deliver(new Effect.StageChunks(1, List.of(top.chunk())));
    StateNode seven = top.children().get(0);
    StateNode eight = top.children().get(3);
    StateNode shortTwo = top.children().get(5);
    assertThat(missing())
        .containsExactlyInAnyOrder(seven.digest(), eight.digest(), shortTwo.digest());
    harness.deliver(
        new Effect.StageChunks(1, List.of(eight.chunk(), seven.chunk(), shortTwo.chunk())));
    assertThat(missing()).isEmpty();
    harness.deliver(new Effect.InstallSnapshot(256, wanted.digest()), new Effect.Unstage());
    assertThat(machine.state).isEqualTo(target);
    KeptSnapshot kept = harness.snapshots.get(256);
    assertThat(kept.meta()).isEqualTo(META);
    assertThat(kept.state().toBytes()).isEqualTo(target);
    Event.SnapshotInstalled installed =
        (Event.SnapshotInstalled)
            harness.core.events.stream()
                .filter(Event.SnapshotInstalled.class::isInstance)
                .findAny()
                .orElseThrow();
    assertThat(installed.meta()).isEqualTo(META);
  }

  private List<Digest> missing() {
    return ((Event.ChunksMissing) lastEvent()).missing();
  }

  @Test
  void aSecondAttemptFindsWhatTheFirstHasGathered() {
    KeptSnapshot wanted = new KeptSnapshot(256, META, Snapshot.of(state(1, 2)));
    StateNode top = wanted.state().root();
    harness.deliver(
        new Effect.SeekState(1, wanted.digest()),
        new Effect.StageChunks(1, List.of(wanted.root().chunk(), top.chunk())),
        new Effect.SeekState(2, wanted.digest()));
    assertThat(missing())
        .containsExactlyInAnyOrder(
            wanted.root().children().get(0).digest(),
            top.children().get(0).digest(),
            top.children().get(1).digest());
    harness.deliver(new Effect.Unstage(), new Effect.SeekState(3, wanted.digest()));
    assertThat(missing()).containsExactly(wanted.digest());
  }

  @Test
  void whatASnapshotLendsToAStateBeingGatheredIsNotDiscarded() {
    machine.state = state(1, 2);
    harness.deliver(new Effect.TakeSnapshot(128, META));
    KeptSnapshot wanted = new KeptSnapshot(1280, META, Snapshot.of(state(1, 2)));
    harness.deliver(
        new Effect.SeekState(1, wanted.digest()),
        new Effect.StageChunks(1, List.of(wanted.root().chunk())),
        new Effect.Discard(1024),
        new Effect.InstallSnapshot(1280, wanted.digest()),
        new Effect.Unstage());
    assertThat(machine.state).isEqualTo(state(1, 2));
    harness.deliver(new Effect.Discard(1280));
    assertThat(harness.snapshots.get(128)).isNull();
  }

  /** The effects that fetch a state and make it the application's. */
  private void install(long sequence, byte[] state) {
    KeptSnapshot wanted = new KeptSnapshot(sequence, META, Snapshot.of(state));
    harness.deliver(
        new Effect.SeekState(1, wanted.digest()),
        new Effect.StageChunks(1, chunks(wanted.root())),
        new Effect.InstallSnapshot(sequence, wanted.digest()));
  }

  private boolean isInstalled(long sequence) {
    return harness.core.events.stream()
        .anyMatch(e -> e instanceof Event.SnapshotInstalled i && i.sequence() == sequence);
  }

  /** Others discard on the word that this replica then gives: it must be able to keep it. */
  @Test
  void aFetchedStateIsToldOnlyOnceItIsDurable() {
    harness.snapshots.durableUpTo(0);
    install(256, state(3));
    assertThat(isInstalled(256)).isFalse();
    harness.snapshots.durableUpTo(128);
    harness.driver.turn();
    assertThat(isInstalled(256)).isFalse();
    harness.snapshots.durableUpTo(256);
    harness.driver.turn();
    assertThat(isInstalled(256)).isTrue();
  }

  /** The core takes the state to be its old one still; what it would say of it is not known. */
  @Test
  void whileAFetchedStateIsNotToldReadsAreRefused() {
    ReadRequest read = new ReadRequest(5, 1, 7, false, new byte[] {1});
    harness.snapshots.durableUpTo(0);
    install(256, state(3));
    harness.transport.log.clear();
    harness.deliver(new Effect.Query(read));
    assertThat(harness.transport.last()).isEqualTo(ReadReply.refusal(read, 0));
    assertThat(harness.driver.refusals()).containsEntry(Reason.CLIENT_THROTTLED, 1L);
    harness.transport.log.clear();
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
    install(256, state(3));
    harness.snapshots.durableUpTo(512);
    harness.driver.turn();
    assertThat(isInstalled(256)).isTrue();
    assertThat(harness.core.events).noneMatch(Event.SnapshotTaken.class::isInstance);
  }

  @Test
  void anEmptyStateIsAStateToo() {
    KeptSnapshot empty = new KeptSnapshot(128, new byte[0], Snapshot.of(new byte[0]));
    harness.deliver(
        new Effect.SeekState(1, empty.digest()),
        new Effect.StageChunks(1, chunks(empty.root())),
        new Effect.InstallSnapshot(128, empty.digest()));
    assertThat(machine.state).isEmpty();
  }

  @Test
  void anIncompleteStateIsNeverInstalled() {
    KeptSnapshot wanted = new KeptSnapshot(128, META, Snapshot.of(state(1, 2)));
    List<byte[]> chunks = chunks(wanted.root());
    assertThatThrownBy(
            () ->
                harness.deliver(
                    new Effect.SeekState(1, wanted.digest()),
                    new Effect.StageChunks(1, chunks.subList(0, chunks.size() - 1)),
                    new Effect.InstallSnapshot(128, wanted.digest())))
        .hasMessage("1 chunks of the state at 128 are missing");
  }

  @Test
  void aLeafBeyondTheLimitStopsTheReplicaThatMadeIt() {
    DriverHarness.EchoMachine broken =
        new DriverHarness.EchoMachine() {
          @Override
          public Snapshot snapshot() {
            return Snapshot.ofLeaves(List.of(new byte[ChunkTree.MAX_LEAF_BYTES + 1]));
          }
        };
    DriverHarness other = new DriverHarness(broken, Limits.DEFAULT).begin();
    assertThatThrownBy(() -> other.deliver(new Effect.TakeSnapshot(128, META)))
        .hasMessageContaining("a leaf of the state has 1048577 bytes, more than 1048576");
  }

  /** "Bounded: a replica serves state transfer without slowing the normal case" (PROTOCOL.md). */
  @Test
  void greedyPeersShareTheBudgetInTurn() {
    machine.state = state(1, 2, 3);
    harness.deliver(new Effect.TakeSnapshot(128, META));
    Digest[] leaves =
        Snapshot.of(machine.state).root().children().stream()
            .map(StateNode::digest)
            .toArray(Digest[]::new);
    harness.transport.log.clear();
    Effect[] greed = new Effect[200];
    Arrays.fill(greed, ask(3, 128, leaves));
    harness.deliver(greed);
    assertThat(harness.driver.refusals())
        .as("beyond those that wait")
        .containsEntry(Reason.PEER_THROTTLED, 196L);
    harness.deliver(ask(2, 128, leaves));
    assertThat(answers()).as("a burst of 512 KiB").hasSize(3);
    for (int i = 0; i < 3; i++) {
      harness.clock.advance(15);
      harness.deliver();
    }
    assertThat(answers())
        .containsExactly(
            "replica 3 CHUNKS",
            "replica 3 CHUNKS",
            "replica 3 CHUNKS",
            "replica 2 CHUNKS",
            "replica 3 CHUNKS");
  }

  private List<String> answers() {
    return harness.transport.log.stream().filter(line -> line.contains("CHUNKS")).toList();
  }

  @Test
  void aRestartGoesBackToItsSnapshot() {
    DriverHarness.EchoMachine fresh = new DriverHarness.EchoMachine();
    DriverHarness other = new DriverHarness(fresh, Limits.DEFAULT);
    byte[] state = state(4, 5);
    other.snapshots.put(new KeptSnapshot(128, META, Snapshot.of(state)));
    other.driver.connect(other.transport);
    other.driver.begin(new Recovered(false, List.of(), 128, META));
    assertThat(fresh.state).isEqualTo(state);
  }
}
