package io.pbft.examples.kv;

/**
 * An operation on the store. Keys and values are any bytes; arrays are shared, not copied.
 *
 * <p>Encoding: a tag, then the fields (see {@link Wire}).
 */
public sealed interface KvOperation {
  int MAX_KEY_BYTES = 1024;
  int MAX_VALUE_BYTES = 256 * 1024;

  /** The most entries that one scan answers; a larger limit is cut to it. */
  int MAX_SCAN_ENTRIES = 10_000;

  /** Sets a key; answered by {@link KvResult.Done}. */
  record Put(byte[] key, byte[] value) implements KvOperation {}

  /** Reads a key; answered by {@link KvResult.Value} or {@link KvResult.None}. */
  record Get(byte[] key) implements KvOperation {}

  /** Removes a key; answered by {@link KvResult.Done}, or {@link KvResult.None} if not there. */
  record Delete(byte[] key) implements KvOperation {}

  /**
   * Sets a key if it has the expected value ({@code null}: if it is not there); answered by {@link
   * KvResult.Done} or {@link KvResult.Conflict}.
   */
  record CompareAndSet(byte[] key, byte[] expected, byte[] value) implements KvOperation {}

  /**
   * Reads the entries whose key starts with {@code prefix} and comes after {@code after} ({@code
   * null}: from the first), in key order, at most {@code limit} of them; answered by {@link
   * KvResult.Entries}, which may hold fewer, but at least one if there is one.
   */
  record Scan(byte[] prefix, byte[] after, int limit) implements KvOperation {}

  /** Whether it leaves the state as it is. */
  default boolean readOnly() {
    return this instanceof Get || this instanceof Scan;
  }

  /**
   * @throws IllegalArgumentException if a key or value is over its limit
   */
  default byte[] encode() {
    Wire.Out out = new Wire.Out();
    if (this instanceof Put put) {
      out.u8(1).sized(key(put.key)).sized(value(put.value));
    } else if (this instanceof Get get) {
      out.u8(2).sized(key(get.key));
    } else if (this instanceof Delete delete) {
      out.u8(3).sized(key(delete.key));
    } else if (this instanceof CompareAndSet cas) {
      out.u8(4).sized(key(cas.key)).optional(value(cas.expected)).sized(value(cas.value));
    } else if (this instanceof Scan scan) {
      out.u8(5).sized(key(scan.prefix)).optional(key(scan.after)).i32(scan.limit);
    }
    return out.toBytes();
  }

  /** The operation that the bytes are the encoding of. */
  static KvOperation decode(byte[] bytes) throws KvFormatException {
    Wire.In in = new Wire.In(bytes);
    int tag = in.u8();
    KvOperation operation =
        switch (tag) {
          case 1 -> new Put(key(in), value(in));
          case 2 -> new Get(key(in));
          case 3 -> new Delete(key(in));
          case 4 -> new CompareAndSet(key(in), in.optional("value", MAX_VALUE_BYTES), value(in));
          case 5 -> new Scan(key(in), in.optional("key", MAX_KEY_BYTES), limit(in));
          default -> throw new KvFormatException("unknown operation " + tag);
        };
    in.end();
    return operation;
  }

  private static byte[] key(Wire.In in) throws KvFormatException {
    return in.sized("key", MAX_KEY_BYTES);
  }

  private static byte[] value(Wire.In in) throws KvFormatException {
    return in.sized("value", MAX_VALUE_BYTES);
  }

  private static int limit(Wire.In in) throws KvFormatException {
    int limit = in.i32();
    if (limit < 1) {
      throw new KvFormatException("a scan's limit must be at least 1");
    }
    return limit;
  }

  private static byte[] key(byte[] key) {
    return checked("key", key, MAX_KEY_BYTES);
  }

  private static byte[] value(byte[] value) {
    return checked("value", value, MAX_VALUE_BYTES);
  }

  private static byte[] checked(String what, byte[] bytes, int limit) {
    if (bytes != null && bytes.length > limit) {
      throw new IllegalArgumentException(
          what + " of " + bytes.length + " bytes; the limit is " + limit);
    }
    return bytes;
  }
}
