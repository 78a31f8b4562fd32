package io.pbft.core.codec;

import com.esotericsoftware.kryo.io.Output;
import io.pbft.crypto.Digest;
import java.util.List;
import java.util.function.BiConsumer;

/** The counterpart of {@link Reader}. */
public final class Writer {
  private static final int INITIAL_BYTES = 256;

  private final Output output;

  public Writer() {
    this(INITIAL_BYTES);
  }

  /**
   * For an encoding of known length.
   *
   * @param bytes how long it will be; when it is, {@link #toBytes} need not copy it
   */
  public Writer(int bytes) {
    output = new Output(bytes, -1);
  }

  public Writer u8(int value) {
    output.writeByte(value);
    return this;
  }

  public Writer bool(boolean value) {
    return u8(value ? 1 : 0);
  }

  public Writer int32(int value) {
    output.writeInt(value);
    return this;
  }

  public Writer int64(long value) {
    output.writeLong(value);
    return this;
  }

  public Writer digest(Digest digest) {
    int position = output.position();
    int64(0).int64(0).int64(0).int64(0);
    digest.copyTo(output.getBuffer(), position);
    return this;
  }

  public Writer fixed(byte[] bytes) {
    output.writeBytes(bytes);
    return this;
  }

  public Writer sized(byte[] bytes) {
    return int32(bytes.length).fixed(bytes);
  }

  public <T> Writer list(List<T> list, BiConsumer<Writer, T> element) {
    int32(list.size());
    for (T each : list) {
      element.accept(this, each);
    }
    return this;
  }

  /** What has been written; the writer is not used any more. */
  public byte[] toBytes() {
    byte[] buffer = output.getBuffer();
    return buffer.length == output.position() ? buffer : output.toBytes();
  }
}
