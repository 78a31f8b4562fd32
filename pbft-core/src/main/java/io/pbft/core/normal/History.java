package io.pbft.core.normal;

import io.pbft.core.codec.Limits;
import io.pbft.core.codec.PackedBatch;
import io.pbft.core.message.Batch;
import io.pbft.core.runtime.Spool;
import io.pbft.crypto.Digest;
import java.util.Arrays;

/**
 * The decided batches that end at h: what the log has let go. The protocol does not need them; a
 * replica does that has fetched the state of a checkpoint below the others' h, or it would fetch
 * one state after the other while they go on. Bounded in number and in bytes; the oldest go first.
 */
final class History {
  private static final int BATCH_BYTES = 128;

  private final Digest[] decided;
  // Where in the spool the batch begins.
  private final long[] positions;
  private final long maxBytes;
  private final Spool spool;
  private long last;
  private int count;

  /**
   * @param batches the most that are held
   * @param maxBytes what they may take in memory
   */
  History(int batches, long maxBytes) {
    this.maxBytes = maxBytes;
    this.spool = new Spool(maxBytes);
    this.decided = new Digest[batches];
    this.positions = new long[batches];
  }

  /** The digest of the batch at a sequence number, or null. */
  Digest digest(long sequence) {
    return holds(sequence) ? decided[index(sequence)] : null;
  }

  /**
   * The batch at a sequence number, made anew, or null.
   *
   * @param limits those that the batch has met
   */
  Batch batch(long sequence, Limits limits) {
    if (!holds(sequence)) {
      return null;
    }
    long begin = positions[index(sequence)];
    long end = sequence == last ? spool.end() : positions[index(sequence + 1)];
    return PackedBatch.unpack(spool.copy(begin, (int) (end - begin)), limits);
  }

  /**
   * Takes the batch of the next sequence number; after a gap what is held begins anew.
   *
   * @param batch null when this replica does not know it
   */
  void add(long sequence, Batch batch) {
    if (batch == null || sequence != last + 1) {
      forgetAll();
    }
    last = sequence;
    if (batch == null || decided.length == 0) {
      return;
    }
    byte[] packed = PackedBatch.pack(batch);
    while (count > 0 && (count == decided.length || !fits(packed.length))) {
      forgetOldest();
    }
    if (fits(packed.length)) {
      decided[index(sequence)] = batch.digest();
      positions[index(sequence)] = spool.end();
      spool.add(packed);
      count++;
    }
  }

  private boolean fits(int bytes) {
    return spool.size() + bytes + (count + 1L) * BATCH_BYTES <= maxBytes;
  }

  private void forgetOldest() {
    // Called before the newest is added: the oldest of those up to the one before it.
    long oldest = last - count;
    decided[index(oldest)] = null;
    count--;
    spool.dropUntil(count == 0 ? spool.end() : positions[index(oldest + 1)]);
  }

  private void forgetAll() {
    Arrays.fill(decided, null);
    count = 0;
    spool.dropUntil(spool.end());
  }

  private boolean holds(long sequence) {
    return sequence <= last && sequence > last - count;
  }

  private int index(long sequence) {
    return (int) (sequence % decided.length);
  }
}
