package io.pbft.examples.kv;

import java.io.ByteArrayOutputStream;

/**
 * Big-endian fields of fixed width, byte strings with their length before them. One encoding for
 * each value, so equal results have equal bytes at every replica.
 */
final class Wire {
  private Wire() {}

  /** Appends fields. */
  static final class Out {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);

    Out u8(int value) {
      bytes.write(value);
      return this;
    }

    Out i32(int value) {
      bytes.write(value >>> 24);
      bytes.write(value >>> 16);
      bytes.write(value >>> 8);
      bytes.write(value);
      return this;
    }

    Out sized(byte[] value) {
      i32(value.length);
      bytes.write(value, 0, value.length);
      return this;
    }

    /** A byte string that may be absent. */
    Out optional(byte[] value) {
      return value == null ? u8(0) : u8(1).sized(value);
    }

    int size() {
      return bytes.size();
    }

    byte[] toBytes() {
      return bytes.toByteArray();
    }
  }

  /** Takes fields; every length is checked against what remains before anything is allocated. */
  static final class In {
    private final byte[] bytes;
    private int at;

    In(byte[] bytes) {
      this.bytes = bytes;
    }

    int u8() throws KvFormatException {
      need(1);
      return bytes[at++] & 0xff;
    }

    int i32() throws KvFormatException {
      need(4);
      int value =
          (bytes[at] & 0xff) << 24
              | (bytes[at + 1] & 0xff) << 16
              | (bytes[at + 2] & 0xff) << 8
              | (bytes[at + 3] & 0xff);
      at += 4;
      return value;
    }

    byte[] sized(String field, int limit) throws KvFormatException {
      int length = i32();
      if (length < 0 || length > limit) {
        throw new KvFormatException(field + " longer than " + limit + " bytes");
      }
      need(length);
      byte[] value = new byte[length];
      System.arraycopy(bytes, at, value, 0, length);
      at += length;
      return value;
    }

    byte[] optional(String field, int limit) throws KvFormatException {
      int present = u8();
      if (present > 1) {
        throw new KvFormatException(field + " is neither there nor not");
      }
      return present == 0 ? null : sized(field, limit);
    }

    int remaining() {
      return bytes.length - at;
    }

    void end() throws KvFormatException {
      if (at != bytes.length) {
        throw new KvFormatException("bytes after the end");
      }
    }

    private void need(int count) throws KvFormatException {
      if (remaining() < count) {
        throw new KvFormatException("ends too early");
      }
    }
  }
}
