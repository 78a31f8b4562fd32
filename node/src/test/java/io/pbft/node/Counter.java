package io.pbft.node;

import io.pbft.core.spi.ExecutionContext;
import io.pbft.core.spi.Snapshot;
import io.pbft.core.spi.StateMachine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Adds one to a number; "boom" throws. */
public final class Counter implements StateMachine {
  private long value;

  @Override
  public byte[] execute(byte[] operation, ExecutionContext context) {
    if (new String(operation, StandardCharsets.UTF_8).equals("boom")) {
      throw new UnsupportedOperationException("as asked");
    }
    value++;
    return bytes(value);
  }

  @Override
  public byte[] query(byte[] operation) {
    return bytes(value);
  }

  @Override
  public Snapshot snapshot() {
    return Snapshot.of(bytes(value));
  }

  @Override
  public void restore(Snapshot snapshot) {
    value = number(snapshot.toBytes());
  }

  static byte[] bytes(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  static long number(byte[] bytes) {
    return ByteBuffer.wrap(bytes).getLong();
  }
}
