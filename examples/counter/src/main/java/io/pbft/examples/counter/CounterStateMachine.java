package io.pbft.examples.counter;

import io.pbft.core.spi.ExecutionContext;
import io.pbft.core.spi.SmallStateMachine;
import java.nio.ByteBuffer;

/**
 * A number. An operation is what to add, a 64-bit integer, and its result the sum; a query is
 * anything, and its result the number. Other bytes throw, which is the operation's result, too.
 */
public final class CounterStateMachine implements SmallStateMachine {
  private long value;

  @Override
  public byte[] execute(byte[] operation, ExecutionContext context) {
    value += toLong(operation);
    return toBytes(value);
  }

  @Override
  public byte[] query(byte[] operation) {
    return toBytes(value);
  }

  @Override
  public byte[] save() {
    return toBytes(value);
  }

  @Override
  public void load(byte[] state) {
    value = toLong(state);
  }

  static byte[] toBytes(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  static long toLong(byte[] bytes) {
    return ByteBuffer.wrap(bytes).getLong();
  }
}
