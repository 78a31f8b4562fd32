package io.pbft.bench.sidebyside;

import io.pbft.core.spi.ExecutionContext;
import io.pbft.core.spi.Snapshot;
import io.pbft.core.spi.StateMachine;
import io.pbft.node.Durability;
import io.pbft.node.PbftReplica;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** One replica in a process of its own: {@code DIRECTORY ID memory|sync}. */
final class PbftNode {
  private PbftNode() {}

  public static void main(String[] args) throws Exception {
    PbftReplica.builder(Path.of(args[0]), Integer.parseInt(args[1]))
        .durability(args[2].equals("sync") ? Durability.SYNC : Durability.MEMORY)
        .stateMachine(new Nothing())
        .start();
    System.out.println("ready");
  }

  /** Answers with nothing; its state is how much it has executed. */
  private static final class Nothing implements StateMachine {
    private long executed;

    @Override
    public byte[] execute(byte[] operation, ExecutionContext context) {
      executed++;
      return new byte[0];
    }

    @Override
    public byte[] query(byte[] operation) {
      return new byte[0];
    }

    @Override
    public Snapshot snapshot() {
      return Snapshot.of(ByteBuffer.allocate(Long.BYTES).putLong(executed).array());
    }

    @Override
    public void restore(Snapshot snapshot) {
      executed = ByteBuffer.wrap(snapshot.toBytes()).getLong();
    }
  }
}
