package io.pbft.core.normal;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.codec.Limits;
import io.pbft.core.message.Batch;
import io.pbft.crypto.Digest;
import java.util.function.Consumer;

/**
 * The log: one slot for each sequence number s with {@code h < s <= h+L}. It never holds more; a
 * slot's memory goes when the low watermark passes it. What was decided there is kept for a while
 * longer, for replicas that are behind.
 *
 * <p>It is bounded in bytes, too: a primary proposes nothing more when the log {@link #isFull}, and
 * a backup takes nothing fresh beyond twice of that ({@link #hasRoomFor}), so that one whose h is
 * an interval behind need not lag. Batches that are chosen or decided are taken in any case:
 * correct replicas hold them, within their own bounds.
 */
public final class MessageLog {
  private static final int BACKUPS_FACTOR = 2;
  private static final int LEAST_BATCHES = 4;

  private final Slot[] slots;
  private final Volume volume = new Volume();
  private final long maxBytes;
  private final long batchBytes;
  private final History history;
  private final int n;
  private long low;
  private long coveredUpTo;
  private int used;

  public MessageLog(ProtocolConfig config) {
    this.n = config.n();
    this.history = new History(config.history(), config.historyBytes());
    this.slots = new Slot[config.logWindow()];
    this.batchBytes = config.limits().batchFootprint();
    this.maxBytes = primarysBytes(config);
  }

  private static long primarysBytes(ProtocolConfig config) {
    return Math.max(config.logBytes(), LEAST_BATCHES * config.limits().batchFootprint());
  }

  /**
   * The most that the batches of a log take in memory, about, in bytes: fresh proposals, and as
   * much again that was chosen or decided, and is within the same bound at replicas that hold it.
   */
  public static long mostBytes(ProtocolConfig config) {
    return 2 * BACKUPS_FACTOR * primarysBytes(config);
  }

  /** h, the last stable checkpoint. */
  public long low() {
    return low;
  }

  /** h + L. */
  public long high() {
    return low + slots.length;
  }

  public boolean inWindow(long sequence) {
    return sequence > low && sequence <= high();
  }

  /** A fetched state has executed whatever was decided at and below a sequence number. */
  public void cover(long sequence) {
    coveredUpTo = sequence;
  }

  /** Whether a fetched state has executed what was decided there, in the window. */
  boolean isCovered(long sequence) {
    return sequence > low && sequence <= coveredUpTo;
  }

  /** Sequence numbers of which anything is held. */
  public int size() {
    return used;
  }

  /** What the batches held take in memory, about, in bytes; those below h not counted. */
  public long bytes() {
    return volume.bytes();
  }

  /** Whether a primary has no room for another batch until h moves. */
  public boolean isFull() {
    return volume.bytes() + batchBytes > maxBytes;
  }

  /** Whether a backup has room for a fresh proposal. */
  public boolean hasRoomFor(Batch batch) {
    return batch.footprint() == 0
        || volume.bytes() + batch.footprint() <= BACKUPS_FACTOR * maxBytes;
  }

  /** The slot, made on first use; the sequence number must be in the window. */
  public Slot slot(long sequence) {
    if (!inWindow(sequence)) {
      throw new IllegalArgumentException(sequence + " is outside (" + low + ", " + high() + "]");
    }
    int index = index(sequence);
    if (slots[index] == null) {
      slots[index] = new Slot(sequence, n, volume);
      used++;
    }
    return slots[index];
  }

  /** The slot if anything is held of it, else null; any sequence number. */
  public Slot find(long sequence) {
    return inWindow(sequence) ? slots[index(sequence)] : null;
  }

  /** The batch that executes at a sequence number, or null while it is undecided or not here. */
  public Batch decidedBatch(long sequence) {
    Slot slot = find(sequence);
    return slot == null ? null : slot.decidedBatch();
  }

  /** The digest of a batch that was decided at or below h and is still here, else null. */
  public Digest pastDigest(long sequence) {
    return history.digest(sequence);
  }

  /**
   * A batch that was decided at or below h and is still here, made anew, else null.
   *
   * @param limits those that the batch has met
   */
  public Batch pastBatch(long sequence, Limits limits) {
    return history.batch(sequence, limits);
  }

  /**
   * Somebody will ask for what was decided from this sequence number on, so that more of it may
   * stay than otherwise; {@link Long#MAX_VALUE}: nobody will.
   */
  public void needFrom(long sequence) {
    history.needFrom(sequence);
  }

  /** Moves the low watermark up and forgets what is at or below it. */
  public void advanceLow(long stable) {
    for (long s = low + 1; s <= Math.min(stable, high()); s++) {
      int index = index(s);
      history.add(s, decidedBatch(s));
      if (slots[index] != null) {
        slots[index].release();
        slots[index] = null;
        used--;
      }
    }
    if (stable > high()) {
      history.add(stable, null);
    }
    low = Math.max(low, stable);
  }

  /** The slots that hold anything, in ascending order. */
  public void forEach(Consumer<Slot> action) {
    for (long s = low + 1; s <= high(); s++) {
      Slot slot = slots[index(s)];
      if (slot != null) {
        action.accept(slot);
      }
    }
  }

  private int index(long sequence) {
    return (int) (sequence % slots.length);
  }
}
