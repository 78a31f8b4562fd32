package io.pbft.compare.zab;

import java.util.Comparator;

/** For a leader: who has the latest epoch, in it the longest history, wins; then the higher id. */
record Vote(long currentEpoch, long lastEpoch, long length, int leader)
    implements Comparable<Vote> {
  private static final Comparator<Vote> ORDER =
      Comparator.comparingLong(Vote::currentEpoch)
          .thenComparingLong(Vote::lastEpoch)
          .thenComparingLong(Vote::length)
          .thenComparingInt(Vote::leader);

  @Override
  public int compareTo(Vote other) {
    return ORDER.compare(this, other);
  }
}
