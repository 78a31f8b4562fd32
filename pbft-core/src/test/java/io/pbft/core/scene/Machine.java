package io.pbft.core.scene;

import io.pbft.core.driver.MemorySnapshots;
import io.pbft.core.message.ChunkTree;
import io.pbft.core.message.Request;
import io.pbft.core.message.Result;
import io.pbft.core.spi.KeptSnapshot;
import io.pbft.core.spi.Snapshot;
import io.pbft.crypto.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A service whose state is the list of operations executed; each result repeats its operation. */
public final class Machine {
  private final MemorySnapshots store = new MemorySnapshots();
  private List<String> operations;

  Machine(List<String> operations) {
    this.operations = new ArrayList<>(operations);
  }

  Result execute(Request request) {
    String operation = new String(request.operation(), StandardCharsets.UTF_8);
    if (operation.startsWith("!")) {
      byte[] name = "java.lang.IllegalStateException".getBytes(StandardCharsets.UTF_8);
      return new Result(Result.Outcome.FAILED, name);
    }
    operations.add(operation);
    return new Result(Result.Outcome.OK, request.operation());
  }

  List<String> operations() {
    return List.copyOf(operations);
  }

  /** The state as it is now. */
  public Snapshot snapshot() {
    return snapshot(operations);
  }

  /** The state after some operations. */
  public static Snapshot snapshot(List<String> operations) {
    return Snapshot.of(String.join("\n", operations).getBytes(StandardCharsets.UTF_8));
  }

  /** Keeps the state as it is now; the digest of its snapshot. */
  Digest keep(long sequence, byte[] meta) {
    KeptSnapshot kept = new KeptSnapshot(sequence, meta, snapshot());
    store.put(kept);
    return kept.digest();
  }

  /** Begins to gather a state; what of it differs from the present one. */
  List<Digest> seek(Digest root) {
    store.put(new KeptSnapshot(Long.MAX_VALUE, new byte[0], snapshot()));
    return store.missing(List.of(root));
  }

  /** Keeps chunks; what is missing below them. */
  List<Digest> stage(List<byte[]> chunks) {
    store.stage(chunks);
    return store.missing(chunks.stream().flatMap(c -> ChunkTree.children(c).stream()).toList());
  }

  /** Takes the gathered state over; its meta. */
  byte[] install(long sequence, Digest root) {
    KeptSnapshot complete = store.staged(sequence, root);
    store.put(complete);
    String text = new String(complete.state().toBytes(), StandardCharsets.UTF_8);
    operations = new ArrayList<>(List.of(text.split("\n", -1)));
    return complete.meta();
  }
}
