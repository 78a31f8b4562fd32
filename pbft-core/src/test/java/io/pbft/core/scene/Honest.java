package io.pbft.core.scene;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.driver.MemorySnapshots;
import io.pbft.core.message.Checkpoint;
import io.pbft.core.message.Chunks;
import io.pbft.core.message.FetchChunks;
import io.pbft.core.spi.KeptSnapshot;
import io.pbft.core.spi.Snapshot;
import io.pbft.crypto.Digest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What correct replicas say of the state after the batches of {@link Scene#orderedUpTo}: so that
 * peers can vouch for its checkpoints, and serve it.
 */
public final class Honest {
  private final Scene twin;
  private Snapshot instead;

  /** A correct replica that has executed up to {@code last}. */
  public Honest(ProtocolConfig config, long last) {
    twin = Scene.of(config.n() - 1, config);
    long interval = config.checkpointInterval();
    for (long s = interval; s <= last; s += interval) {
      twin.orderedUpTo(s);
      Digest own = twin.broadcast(Checkpoint.class).get(0).digest();
      for (int other : twin.others().toList()) {
        twin.from(other, new Checkpoint(s, own, other));
      }
    }
    twin.orderedUpTo(last);
  }

  /** Their application has this state at every checkpoint, whatever was executed. */
  public Honest withState(Snapshot state) {
    instead = state;
    return this;
  }

  /** The application's state at a checkpoint. */
  public Snapshot state(long sequence) {
    if (instead != null) {
      return instead;
    }
    List<String> operations = new ArrayList<>();
    for (long s = 1; s <= sequence; s++) {
      operations.add("op" + s);
    }
    return Machine.snapshot(operations);
  }

  private KeptSnapshot kept(long sequence) {
    return new KeptSnapshot(sequence, twin.meta(sequence), state(sequence));
  }

  /** The state digest at a checkpoint. */
  public Digest digest(long sequence) {
    return kept(sequence).digest();
  }

  public Checkpoint checkpoint(long sequence, int replica) {
    return new Checkpoint(sequence, digest(sequence), replica);
  }

  /** What a replica that has the checkpoint's state answers. */
  public Chunks answer(FetchChunks question, int replica) {
    MemorySnapshots store = new MemorySnapshots();
    store.put(kept(question.sequence()));
    List<byte[]> chunks = new ArrayList<>();
    store.read(question.digests(), Integer.MAX_VALUE, chunks::addAll);
    return new Chunks(question.ticket(), chunks, replica);
  }

  /** Some replicas answer what a scene's replica has just asked, and asks then, to the end. */
  public Scene serve(Scene scene, Integer... donors) {
    return serve(scene, asked -> {}, donors);
  }

  /**
   * As {@link #serve(Scene, Integer...)}.
   *
   * @param witness hears what is asked for
   */
  public Scene serve(Scene scene, Consumer<List<Digest>> witness, Integer... donors) {
    ArrayDeque<Map.Entry<Integer, FetchChunks>> open = new ArrayDeque<>();
    collect(scene, open);
    while (!open.isEmpty()) {
      Map.Entry<Integer, FetchChunks> next = open.remove();
      witness.accept(next.getValue().digests());
      if (List.of(donors).contains(next.getKey())) {
        scene.from(next.getKey(), answer(next.getValue(), next.getKey()));
        collect(scene, open);
      }
    }
    return scene;
  }

  private static void collect(Scene scene, Deque<Map.Entry<Integer, FetchChunks>> into) {
    scene
        .others()
        .forEach(i -> scene.sentTo(i, FetchChunks.class).forEach(q -> into.add(Map.entry(i, q))));
  }
}
