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
 * While somebody fetches such a state, or follows, what comes after it may take {@value
 * #WHILE_NEEDED} times the bytes: it will ask for that in a moment.
 */
final class History {
  private static final int BATCH_BYTES = 128;
  private static final int WHILE_NEEDED = 2;

  private final Digest[] decided;
  // Where in the spool the batch begins.
  private final long[] positions;
  private final long maxBytes;
  private final Spool spool;
  private long last;
  private int count;
  private long neededFrom = Long.MAX_VALUE;

  /**
   * @param batches the most that are held
   * @param maxBytes what they may take in memory, as long as nobody needs more
   */
  History(int batches, long maxBytes) {
    this.maxBytes = maxBytes;
    this.spool = new Spool(WHILE_NEEDED * maxBytes);
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
    while (count > 0 && (count == decided.length || !fits(packed.length, bytesFrom(oldest())))) {
      forgetOldest();
    }
    if (fits(packed.length, bytesFrom(oldest()))) {
      decided[index(sequence)] = batch.digest();
      positions[index(sequence)] = spool.end();
      spool.add(packed);
      count++;
    }
  }

  /** Somebody will ask for what comes from this sequence number on; the largest: nobody will. */
  void needFrom(long sequence) {
    neededFrom = sequence;
  }

  /** What all may take that begins there. */
  private long bytesFrom(long sequence) {
    return sequence >= neededFrom ? WHILE_NEEDED * maxBytes : maxBytes;
  }

  private boolean fits(int bytes, long most) {
    return spool.size() + bytes + (count + 1L) * BATCH_BYTES <= most;
  }

  /** Before the newest is added: the oldest of those up to the one before it. */
  private long oldest() {
    return last - count;
  }

  private void forgetOldest() {
    long oldest = oldest();
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
