package io.pbft.examples.kv;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The answer to a {@link KvOperation}. */
public sealed interface KvResult {
  int MAX_REASON_BYTES = 1024;

  /** Done as asked. */
  record Done() implements KvResult {}

  /** The key's value. */
  record Value(byte[] value) implements KvResult {}

  /** There is no such key. */
  record None() implements KvResult {}

  /** Not set: the key has another value, {@code null} if it is not there. */
  record Conflict(byte[] current) implements KvResult {}

  /** Keys and values in key order; {@code more} if others follow the last of them. */
  record Entries(List<Entry> entries, boolean more) implements KvResult {
    public Entries {
      entries = List.copyOf(entries);
    }
  }

  /** Refused, with the reason: a deterministic result like the others. */
  record Refused(String reason) implements KvResult {}

  /** A key and its value. */
  record Entry(byte[] key, byte[] value) {}

  default byte[] encode() {
    Wire.Out out = new Wire.Out();
    if (this instanceof Done) {
      out.u8(1);
    } else if (this instanceof Value value) {
      out.u8(2).sized(value.value);
    } else if (this instanceof None) {
      out.u8(3);
    } else if (this instanceof Conflict conflict) {
      out.u8(4).optional(conflict.current);
    } else if (this instanceof Entries page) {
      out.u8(5).u8(page.more ? 1 : 0).i32(page.entries.size());
      for (Entry entry : page.entries) {
        out.sized(entry.key).sized(entry.value);
      }
    } else if (this instanceof Refused refused) {
      out.u8(6).sized(refused.reason.getBytes(StandardCharsets.UTF_8));
    }
    return out.toBytes();
  }

  /** The result that the bytes are the encoding of. */
  static KvResult decode(byte[] bytes) throws KvFormatException {
    Wire.In in = new Wire.In(bytes);
    int tag = in.u8();
    KvResult result =
        switch (tag) {
          case 1 -> new Done();
          case 2 -> new Value(in.sized("value", KvOperation.MAX_VALUE_BYTES));
          case 3 -> new None();
          case 4 -> new Conflict(in.optional("value", KvOperation.MAX_VALUE_BYTES));
          case 5 -> entries(in);
          case 6 ->
              new Refused(new String(in.sized("reason", MAX_REASON_BYTES), StandardCharsets.UTF_8));
          default -> throw new KvFormatException("unknown result " + tag);
        };
    in.end();
    return result;
  }

  private static KvResult entries(Wire.In in) throws KvFormatException {
    int more = in.u8();
    int count = in.i32();
    // An entry takes 8 bytes at least, so the list cannot outgrow the bytes.
    if (more > 1 || count < 0 || count > in.remaining() / 8) {
      throw new KvFormatException("entries that are not there");
    }
    List<Entry> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      entries.add(
          new Entry(
              in.sized("key", KvOperation.MAX_KEY_BYTES),
              in.sized("value", KvOperation.MAX_VALUE_BYTES)));
    }
    return new Entries(entries, more == 1);
  }
}
