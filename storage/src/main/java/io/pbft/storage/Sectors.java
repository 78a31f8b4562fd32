package io.pbft.storage;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The bytes of a file in sectors, of which those that are all zeros take no room and those that two
 * files have in common are there once: a simulated cluster's journals are mostly zeros, and what is
 * cached is mostly what is durable. Not thread safe.
 */
final class Sectors {
  /** Bytes of a sector. */
  static final int BYTES = 512;

  // Null for zeros. Never written to: a sector that changes is replaced.
  private byte[][] sectors = {};
  private int length;

  static Sectors of(byte[] bytes) {
    Sectors made = new Sectors();
    made.write(ByteBuffer.wrap(bytes), bytes.length, 0);
    return made;
  }

  Sectors copy() {
    Sectors copy = new Sectors();
    copy.sectors = sectors.clone();
    copy.length = length;
    return copy;
  }

  /** Bytes, those of zeros included. */
  int length() {
    return length;
  }

  /** Cuts off what is beyond, or adds zeros. */
  void setLength(int bytes) {
    if (bytes < length) {
      int last = bytes / BYTES;
      if (last < sectors.length && sectors[last] != null) {
        sectors[last] = zeroedFrom(sectors[last], bytes % BYTES);
      }
      int used = count(bytes);
      Arrays.fill(sectors, Math.min(used, sectors.length), sectors.length, null);
    } else if (count(bytes) > sectors.length) {
      sectors = Arrays.copyOf(sectors, Math.max(count(bytes), 2 * sectors.length));
    }
    length = bytes;
  }

  /** Takes so many bytes, and grows for them; what lies between is zeros. */
  void write(ByteBuffer from, int count, int at) {
    if (at + count > length) {
      setLength(at + count);
    }
    byte[] changed = new byte[BYTES];
    int position = at;
    while (position < at + count) {
      int sector = position / BYTES;
      int begin = position % BYTES;
      int bytes = Math.min(BYTES - begin, at + count - position);
      if (sectors[sector] == null) {
        Arrays.fill(changed, (byte) 0);
      } else {
        System.arraycopy(sectors[sector], 0, changed, 0, BYTES);
      }
      from.get(changed, begin, bytes);
      sectors[sector] = keep(changed);
      position += bytes;
    }
  }

  /** Hands out what there is of so many bytes. */
  void read(ByteBuffer into, int count, int at) {
    int end = Math.min(length, at + count);
    for (int position = at; position < end; ) {
      int begin = position % BYTES;
      int bytes = Math.min(BYTES - begin, end - position);
      byte[] sector = sectors[position / BYTES];
      into.put(sector == null ? new byte[BYTES] : sector, begin, bytes);
      position += bytes;
    }
  }

  /** Makes the bytes from the beginning of a sector what they are there, as far as both go. */
  void take(Sectors from, int sector, int count) {
    int begin = sector * BYTES;
    int bytes = Math.min(count, Math.min(length, from.length) - begin);
    if (bytes <= 0) {
      return;
    }
    ByteBuffer taken = ByteBuffer.allocate(bytes);
    from.read(taken, bytes, begin);
    write(taken.flip(), bytes, begin);
  }

  /** Makes the sector that it is there. Both are as long. */
  void share(Sectors from, int sector) {
    sectors[sector] = from.sectors[sector];
  }

  byte[] toBytes() {
    ByteBuffer all = ByteBuffer.allocate(length);
    read(all, length, 0);
    return all.array();
  }

  private static byte[] keep(byte[] sector) {
    for (byte each : sector) {
      if (each != 0) {
        return sector.clone();
      }
    }
    return null;
  }

  private static byte[] zeroedFrom(byte[] sector, int from) {
    byte[] zeroed = sector.clone();
    Arrays.fill(zeroed, from, BYTES, (byte) 0);
    return keep(zeroed);
  }

  private static int count(int bytes) {
    return (bytes + BYTES - 1) / BYTES;
  }
}
