package io.pbft.core.normal;

import io.pbft.core.codec.Limits;
import io.pbft.core.message.Batch;
import io.pbft.crypto.Digest;
import java.util.function.Consumer;

/**
 * The log: one slot for each sequence number s with {@code h < s <= h+L}. It never holds more; a
 * slot's memory goes when the low watermark passes it. What was decided there is kept for a while
 * longer, for replicas that are behind.
 */
public final class MessageLog {
  private final Slot[] slots;
  private final History history;
  private final int n;
  private long low;
  private int used;

  /**
   * @param window L
   * @param history decided batches that are kept below h, at most
   * @param historyBytes what these may take in memory
   */
  public MessageLog(int n, int window, int history, long historyBytes) {
    this.n = n;
    this.history = new History(history, historyBytes);
    this.slots = new Slot[window];
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

  /** Sequence numbers of which anything is held. */
  public int size() {
    return used;
  }

  /** The slot, made on first use; the sequence number must be in the window. */
  public Slot slot(long sequence) {
    if (!inWindow(sequence)) {
      throw new IllegalArgumentException(sequence + " is outside (" + low + ", " + high() + "]");
    }
    int index = index(sequence);
    if (slots[index] == null) {
      slots[index] = new Slot(sequence, n);
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

  /** Moves the low watermark up and forgets what is at or below it. */
  public void advanceLow(long stable) {
    for (long s = low + 1; s <= Math.min(stable, high()); s++) {
      int index = index(s);
      history.add(s, decidedBatch(s));
      if (slots[index] != null) {
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
