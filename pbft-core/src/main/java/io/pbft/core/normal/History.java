package io.pbft.core.normal;

import io.pbft.core.codec.PackedBatch;
import io.pbft.core.message.Batch;
import java.util.Arrays;

/**
 * The decided batches that end at h: what the log has let go. The protocol does not need them; a
 * replica does that has fetched the state of a checkpoint below the others' h, or it would fetch
 * one state after the other while they go on. Bounded in number and in bytes; the oldest go first.
 */
final class History {
  /** What the batches held may take in memory. */
  static final long MAX_BYTES = 64L * 1024 * 1024;

  private static final int BATCH_BYTES = 128;

  private final PackedBatch[] ring;
  private long last;
  private int count;
  private long bytes;

  History(int batches) {
    this.ring = new PackedBatch[batches];
  }

  /** The batch at a sequence number, or null. */
  PackedBatch find(long sequence) {
    boolean held = sequence <= last && sequence > last - count;
    return held ? ring[index(sequence)] : null;
  }

  /**
   * Takes the batch of the next sequence number; after a gap what is held begins anew.
   *
   * @param decided null when this replica does not know it
   */
  void add(long sequence, Batch decided) {
    if (decided == null || sequence != last + 1) {
      Arrays.fill(ring, null);
      count = 0;
      bytes = 0;
    }
    if (count > 0 && count == ring.length) {
      removeOldest();
    }
    last = sequence;
    if (decided == null || ring.length == 0) {
      return;
    }
    PackedBatch packed = new PackedBatch(decided);
    ring[index(sequence)] = packed;
    count++;
    bytes += weight(packed);
    while (bytes > MAX_BYTES) {
      removeOldest();
    }
  }

  private void removeOldest() {
    int oldest = index(last - count + 1);
    bytes -= weight(ring[oldest]);
    ring[oldest] = null;
    count--;
  }

  private static long weight(PackedBatch batch) {
    return (long) BATCH_BYTES + batch.size();
  }

  private int index(long sequence) {
    return (int) (sequence % ring.length);
  }
}
