package io.pbft.core.spi;

import java.util.List;

/**
 * What a replica finds of itself when it starts.
 *
 * @param fresh true when there never was an earlier life: nothing was voted for
 * @param records the journal's records, oldest first
 * @param snapshotSequence the sequence number of the newest snapshot, 0 for the initial state
 * @param snapshotMeta the replica's own replicated data at that snapshot, empty for the initial
 *     state
 */
public record Recovered(
    boolean fresh, List<LogRecord> records, long snapshotSequence, byte[] snapshotMeta) {
  private static final byte[] NO_META = new byte[0];

  /**
   * Whether there was an earlier life of which nothing is known: its votes must not be
   * contradicted.
   */
  public boolean isAmnesiac() {
    return !fresh && records.isEmpty() && snapshotSequence == 0;
  }

  /** A replica's first start. */
  public static Recovered first() {
    return new Recovered(true, List.of(), 0, NO_META);
  }

  /** A start without a disk, after an earlier life of which nothing is known. */
  public static Recovered amnesiac() {
    return new Recovered(false, List.of(), 0, NO_META);
  }
}
