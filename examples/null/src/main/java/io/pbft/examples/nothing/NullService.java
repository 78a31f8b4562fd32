package io.pbft.examples.nothing;

import io.pbft.core.spi.ExecutionContext;
import io.pbft.core.spi.Snapshot;
import io.pbft.core.spi.StateMachine;
import io.pbft.node.ServiceProvider;
import java.nio.ByteBuffer;

/**
 * {@code service: null}: an operation's first four bytes say how long its answer is, nothing where
 * there are fewer. What remains is the replication. Its state is the number of operations.
 */
public final class NullService implements ServiceProvider {
  @Override
  public String name() {
    return "null";
  }

  @Override
  public StateMachine create() {
    return new Machine();
  }

  /**
   * The operation to send.
   *
   * @param request bytes of the operation; four are added at least where it wants an answer
   * @param reply bytes of the answer
   */
  public static byte[] operation(int request, int reply) {
    byte[] operation = new byte[reply == 0 ? request : Math.max(request, Integer.BYTES)];
    if (operation.length >= Integer.BYTES) {
      ByteBuffer.wrap(operation).putInt(reply);
    }
    return operation;
  }

  private static final class Machine implements StateMachine {
    private static final int MAX_REPLY_BYTES = 1024 * 1024;

    private long executed;

    @Override
    public byte[] execute(byte[] operation, ExecutionContext context) {
      executed++;
      return query(operation);
    }

    @Override
    public byte[] query(byte[] operation) {
      int reply = operation.length < Integer.BYTES ? 0 : ByteBuffer.wrap(operation).getInt();
      return new byte[Math.max(0, Math.min(reply, MAX_REPLY_BYTES))];
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
