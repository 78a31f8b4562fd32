package io.pbft.core.scene;

import io.pbft.core.message.Manifest;
import io.pbft.core.message.Request;
import io.pbft.core.message.Result;
import io.pbft.core.spi.Snapshot;
import io.pbft.core.transfer.ChunkTree;
import io.pbft.crypto.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** A service whose state is the list of operations executed; each result repeats its operation. */
public final class Machine {
  private final TreeMap<Integer, byte[]> staged = new TreeMap<>();
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

  /** The digest over the chunks of the state as it is now. */
  public Digest chunkRoot() {
    return ChunkTree.root(leaves(snapshot()));
  }

  /** The state as it is now. */
  public Snapshot snapshot() {
    return snapshot(operations);
  }

  /** The state after some operations. */
  public static Snapshot snapshot(List<String> operations) {
    return Snapshot.of(String.join("\n", operations).getBytes(StandardCharsets.UTF_8));
  }

  /** The digest of each chunk. */
  public static List<Digest> leaves(Snapshot snapshot) {
    List<Digest> leaves = new ArrayList<>();
    for (int i = 0; i < snapshot.chunks(); i++) {
      leaves.add(ChunkTree.leaf(snapshot.chunk(i)));
    }
    return leaves;
  }

  List<Integer> stage(Manifest manifest) {
    staged.clear();
    List<Integer> missing = new ArrayList<>();
    List<Digest> here = leaves(snapshot());
    for (int i = 0; i < manifest.chunks().size(); i++) {
      int at = here.indexOf(manifest.chunks().get(i));
      if (at >= 0) {
        staged.put(i, snapshot().chunk(at));
      } else {
        missing.add(i);
      }
    }
    return missing;
  }

  void stageChunk(int index, byte[] bytes) {
    staged.put(index, bytes);
  }

  void install() {
    StringBuilder text = new StringBuilder();
    staged.values().forEach(chunk -> text.append(new String(chunk, StandardCharsets.UTF_8)));
    operations = new ArrayList<>(List.of(text.toString().split("\n", -1)));
  }
}
