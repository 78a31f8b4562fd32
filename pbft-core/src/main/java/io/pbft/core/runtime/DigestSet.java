package io.pbft.core.runtime;

import io.pbft.crypto.Digest;

/**
 * Tells whether a digest occurs twice, by a table with open addressing. Clients choose what is
 * hashed, so they may make digests collide here: then it takes time in proportion to the square of
 * their number, which the caller bounds. Not thread safe.
 */
public final class DigestSet {
  private final Digest[] slots;

  /** For at most {@code count} digests. */
  public DigestSet(int count) {
    slots = new Digest[Integer.highestOneBit(2 * count + 1) << 1];
  }

  /** False when the digest is in it already. */
  public boolean add(Digest digest) {
    int mask = slots.length - 1;
    int slot = digest.hashCode() & mask;
    while (slots[slot] != null) {
      if (slots[slot].equals(digest)) {
        return false;
      }
      slot = (slot + 1) & mask;
    }
    slots[slot] = digest;
    return true;
  }
}
