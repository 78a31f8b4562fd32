package io.pbft.core.replica;

import static io.pbft.core.scene.Scene.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.Event;
import io.pbft.core.TimerKind;
import io.pbft.core.message.Batch;
import io.pbft.core.message.BatchBody;
import io.pbft.core.message.Checkpoint;
import io.pbft.core.message.Chunks;
import io.pbft.core.message.Commit;
import io.pbft.core.message.Committed;
import io.pbft.core.message.FetchBatch;
import io.pbft.core.message.FetchChunks;
import io.pbft.core.message.FetchViewChange;
import io.pbft.core.message.NewView;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.Prepare;
import io.pbft.core.message.Relay;
import io.pbft.core.message.ReplicaMessage;
import io.pbft.core.message.Status;
import io.pbft.core.message.ViewChange;
import io.pbft.core.scene.Changes;
import io.pbft.core.scene.Footprint;
import io.pbft.core.scene.Scene;
import io.pbft.crypto.Digest;
import io.pbft.crypto.Hasher;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Replica 0, the primary of view 0, is the traitor: all it says is authentic, and too much. */
@DisplayName(
    "Everything a peer or client can make a replica hold is bounded (PROTOCOL: Resource bounds)")
class BoundedMemoryTest {
  /** Messages of a flood; by half of them everything that can fill up is full. */
  private static final int FLOOD = 600;

  private static final int TRAITOR = 0;

  static final List<String> TYPES = List.copyOf(new BoundedMemoryTest().floods().keySet());

  private final Scene replica = Scene.of(1);
  private final Random random = new Random(7);

  private long anySequence() {
    return switch (random.nextInt(4)) {
      case 0 -> 1 + random.nextInt(8);
      case 1 -> 4L * random.nextInt(100_000);
      case 2 -> random.nextInt(40);
      default -> random.nextLong() >>> 3;
    };
  }

  private long anyView() {
    return switch (random.nextInt(4)) {
      case 0 -> 0;
      case 1 -> random.nextInt(9);
      case 2 -> random.nextInt(1 << 20);
      default -> random.nextLong() >>> 3;
    };
  }

  private static Digest digest(int i) {
    return Hasher.domain("hostile").putInt(i).digest();
  }

  private Batch batch(int i) {
    return replica.batch(request(i % 4, 1 + i % 9, 1 + i % 50, "x".repeat(i % 300)));
  }

  private ViewChange viewChange(int i) {
    long stable = 4L * random.nextInt(50);
    Changes changes = Changes.of(1 + i, TRAITOR).stable(stable, digest(i));
    for (int s = 1; s <= 8; s++) {
      changes.prepared(stable + s, digest(i + s), 0);
      for (int k = 0; k < 20; k++) {
        changes.prePrepared(stable + s, digest(1_000 * s + k + 50_000), 0);
      }
    }
    return changes.done();
  }

  private NewView newView(int i) {
    List<NewView.Support> names = new ArrayList<>();
    for (int author = 0; author < 3; author++) {
      names.add(new NewView.Support(author, digest(i + author)));
    }
    List<Digest> choices = java.util.Collections.nCopies(random.nextInt(9), digest(i));
    return new NewView(4L * (1 + random.nextInt(1 << 17)), names, 0, digest(i), choices, TRAITOR);
  }

  private Relay relay(int i) {
    return new Relay(
        List.of(
            replica.peers().seal(TRAITOR, viewChange(i)),
            replica.peers().seal(TRAITOR, newView(i)),
            replica.peers().seal(TRAITOR, new Checkpoint(4L * i, digest(i), TRAITOR))),
        TRAITOR);
  }

  private TreeMap<String, IntFunction<ReplicaMessage>> floods() {
    TreeMap<String, IntFunction<ReplicaMessage>> floods = new TreeMap<>();
    floods.put(
        "PRE-PREPARE",
        i -> {
          Batch batch = batch(i);
          return new PrePrepare(anyView(), anySequence(), batch.digest(), batch, TRAITOR);
        });
    floods.put("PREPARE", i -> new Prepare(anyView(), anySequence(), digest(i), TRAITOR));
    floods.put("COMMIT", i -> new Commit(anyView(), anySequence(), digest(i), TRAITOR));
    floods.put("CHECKPOINT", i -> new Checkpoint(anySequence() & ~3, digest(i), TRAITOR));
    floods.put("VIEW-CHANGE", this::viewChange);
    floods.put("NEW-VIEW", this::newView);
    floods.put("RELAY", this::relay);
    floods.put("STATUS", i -> new Status(anyView(), i % 2 == 0, i % 9, i % 5, i, TRAITOR));
    floods.put("FETCH-BATCH", i -> new FetchBatch(anySequence(), digest(i), TRAITOR));
    floods.put("BATCH-BODY", i -> new BatchBody(anySequence(), batch(i), TRAITOR));
    floods.put(
        "COMMITTED", i -> new Committed(anySequence(), List.of(digest(i), digest(i + 1)), TRAITOR));
    floods.put("FETCH-VIEW-CHANGE", i -> new FetchViewChange(anyView(), i, digest(i), TRAITOR));
    floods.put("FETCH-CHUNKS", i -> new FetchChunks(anySequence(), i, List.of(digest(i)), TRAITOR));
    floods.put("CHUNKS", i -> new Chunks(i % 7, List.of(new byte[i]), TRAITOR));
    return floods;
  }

  /** What the replica holds once the effects of the last message are gone. */
  private long footprint() {
    replica.act(new Event.TimerFired(replica.now(), TimerKind.FETCH, -1));
    return Footprint.of(replica.core());
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void aFloodOfOneTypeStopsFillingMemory(String type) {
    IntFunction<ReplicaMessage> flood = floods().get(type);
    long atHalf = 0;
    int mostEffects = 0;
    for (int i = 1; i <= FLOOD; i++) {
      replica.from(TRAITOR, flood.apply(i));
      mostEffects = Math.max(mostEffects, replica.effects().size());
      if (i == FLOOD / 2) {
        atHalf = footprint();
      }
    }
    assertThat(footprint()).isLessThanOrEqualTo(atHalf + atHalf / 20 + 1_000);
    assertThat(replica.status().logSize()).isLessThanOrEqualTo(replica.config().logWindow());
    assertThat(mostEffects).as("effects of one message").isLessThan(60);
  }

  @Test
  void allFloodsTogetherLeaveTheReplicaAlive() {
    List<IntFunction<ReplicaMessage>> floods = new ArrayList<>(floods().values());
    for (int i = 1; i <= FLOOD; i++) {
      replica.from(TRAITOR, floods.get(random.nextInt(floods.size())).apply(i));
    }
    assertThat(footprint()).isLessThan(400_000);
    long view = 2 + 4 * (replica.view() / 4 + FLOOD);
    List<ViewChange> own = new ArrayList<>();
    for (int other = 2; other <= 3; other++) {
      own.addAll(replica.from(other, Changes.fresh(view, other)).broadcast(ViewChange.class));
    }
    List<ViewChange> support =
        List.of(own.get(own.size() - 1), Changes.fresh(view, 2), Changes.fresh(view, 3));
    replica.from(2, Changes.newView(replica, support));
    assertThat(replica.status().active()).isTrue();
    replica.ordered(1, replica.batch(request(3, 99, 1, "alive")));
    assertThat(replica.executed()).containsExactly("alive");
  }

  @Test
  @DisplayName("A client has room for its window of each of a bounded number of sessions")
  void aClientsFloodStopsFillingMemory() {
    long atHalf = 0;
    for (int session = 1; session <= 12; session++) {
      for (int timestamp = 1; timestamp <= 40; timestamp++) {
        replica.fromClient(replica.signed(request(0, session, timestamp, "operation")));
      }
      atHalf = session == 6 ? footprint() : atHalf;
    }
    assertThat(footprint()).isLessThanOrEqualTo(atHalf + atHalf / 20 + 1_000);
    replica.fromClient(replica.signed(request(1, 1, 1, "another client's")));
    assertThat(replica.refused()).isEmpty();
  }

  @Test
  void whatTheLogHeldGoesWhenACheckpointIsStable() {
    replica.orderedUpTo(8);
    long full = footprint();
    assertThat(replica.status().logSize()).isEqualTo(8);
    replica.stable(8);
    assertThat(replica.status().logSize()).isZero();
    assertThat(footprint()).isLessThan(full);
  }
}
