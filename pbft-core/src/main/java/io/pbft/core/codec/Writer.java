package io.pbft.core.codec;

import com.esotericsoftware.kryo.io.Output;
import io.pbft.crypto.Digest;
import java.util.List;
import java.util.function.BiConsumer;

/** The counterpart of {@link Reader}. */
public final class Writer {
  private static final int INITIAL_BYTES = 256;

  private final Output output = new Output(INITIAL_BYTES, -1);
  private final byte[] scratch = new byte[Digest.LENGTH];

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
    digest.copyTo(scratch, 0);
    output.writeBytes(scratch);
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

  public byte[] toBytes() {
    return output.toBytes();
  }
}
