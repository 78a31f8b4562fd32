package io.pbft.core.codec;

import com.esotericsoftware.kryo.io.Input;
import io.pbft.core.message.Reason;
import io.pbft.crypto.Digest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Checked reads over one message's bytes. */
public final class Reader {
  /** Reads one element of a list. */
  public interface Element<T> {
    T read(Reader reader) throws Refusal;
  }

  private final Input input;
  private final int end;
  private final Limits limits;
  private final boolean strict;

  public Reader(byte[] bytes, int offset, int length, Limits limits) {
    this(bytes, offset, length, limits, true);
  }

  /** {@code strict}: bytes behind the end are refused. */
  Reader(byte[] bytes, int offset, int length, Limits limits, boolean strict) {
    this.strict = strict;
    this.input = new Input(bytes, offset, length);
    this.end = offset + length;
    this.limits = limits;
  }

  public Limits limits() {
    return limits;
  }

  public int remaining() {
    return end - input.position();
  }

  /** Where the next read begins, for {@link #since}. */
  int position() {
    return input.position();
  }

  /** A copy of what has been read since a position. */
  byte[] since(int position) {
    return Arrays.copyOfRange(input.getBuffer(), position, input.position());
  }

  private void need(int bytes) throws Refusal {
    if (remaining() < bytes) {
      throw new Refusal(Reason.MALFORMED);
    }
  }

  public int u8() throws Refusal {
    need(1);
    return input.readByte() & 0xff;
  }

  public boolean bool() throws Refusal {
    int value = u8();
    if (value > 1) {
      throw new Refusal(Reason.NON_CANONICAL);
    }
    return value == 1;
  }

  public int int32() throws Refusal {
    need(4);
    return input.readInt();
  }

  /** A whole number from 0. */
  public int count() throws Refusal {
    int value = int32();
    if (value < 0) {
      throw new Refusal(Reason.MALFORMED);
    }
    return value;
  }

  public long int64() throws Refusal {
    need(8);
    return input.readLong();
  }

  /** A view, sequence number or the like: from 0, and far enough below overflow to be added to. */
  public long number() throws Refusal {
    long value = int64();
    if (value < 0 || value > Long.MAX_VALUE / 4) {
      throw new Refusal(Reason.MALFORMED);
    }
    return value;
  }

  public Digest digest() throws Refusal {
    need(Digest.LENGTH);
    Digest digest = Digest.fromBytes(input.getBuffer(), input.position());
    input.skip(Digest.LENGTH);
    return digest;
  }

  public byte[] fixed(int length) throws Refusal {
    need(length);
    return input.readBytes(length);
  }

  public byte[] sized(int limit) throws Refusal {
    int length = count();
    if (length > limit) {
      throw new Refusal(Reason.TOO_LARGE);
    }
    return fixed(length);
  }

  /**
   * A list whose elements take at least {@code elementBytes} each, checked before anything is
   * allocated.
   */
  public <T> List<T> list(int limit, int elementBytes, Element<T> element) throws Refusal {
    int size = count();
    if (size > limit) {
      throw new Refusal(Reason.TOO_LARGE);
    }
    if ((long) size * elementBytes > remaining()) {
      throw new Refusal(Reason.MALFORMED);
    }
    List<T> list = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      list.add(element.read(this));
    }
    return list;
  }

  public void finish() throws Refusal {
    if (remaining() != 0 && strict) {
      throw new Refusal(Reason.NON_CANONICAL);
    }
  }
}
