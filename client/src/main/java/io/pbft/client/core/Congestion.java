package io.pbft.client.core;

import java.util.TreeMap;

/**
 * How much a session gives replicas to do.
 *
 * <p>A new one has {@value #FIRST} in flight, and one more with each answer until it is turned
 * away: hundreds of sessions that send a window each at once can't be told from a flood. It grows
 * no further when answers take long, since more in flight would only wait longer; nor while it has
 * less in flight than it may, or hours of little would end in a burst.
 *
 * <p>What was turned away waits here, and nothing behind it is sent: a session is executed in
 * order, so that would only take the room that the earlier needs. How many may be in flight falls
 * by a quarter when replicas say so, once in a while, since they say it of many requests together,
 * and on to what they have left of it, but no further than to a half: that most of a burst met a
 * full pool says little of the session's share of it, and who fell that far would for seconds get
 * less than the others. What a replica says that it has room for stays in any case: no more than
 * that is lost by believing it. It grows again with the answers, more slowly.
 */
final class Congestion {
  /** Answers after which one more may be in flight, at most; fewer while few are. */
  private static final int ANSWERS_PER_STEP = 32;

  /** As many of each of a client's 64 sessions are what a pool of default size has room for. */
  static final int FIRST = 64;

  private static final int STEPS_PER_ROUND = 4;
  private static final int KEPT_OF_FOUR = 3;
  private static final int KEPT_AT_LEAST_OF_FOUR = 2;

  private final int window;
  private final long pauseMillis;
  private final long lateMillis;
  private final TreeMap<Long, Operation> turnedAway = new TreeMap<>();
  private int limit;
  private int answers;

  /** It has not been turned away yet. */
  private boolean starts = true;

  /** Not cut again before. */
  private long steadyUntil = Long.MIN_VALUE;

  /** What was in flight when it was cut, without what has been turned away since. */
  private int left;

  private int least;

  /** What the quickest answer has taken: how far the replicas are. */
  private long leastMillis = Long.MAX_VALUE / 2;

  /**
   * @param window how many may be in flight at most
   * @param timeoutMillis how long a request waits before it is sent again; between two cuts, too
   */
  Congestion(int window, long timeoutMillis) {
    this.window = window;
    this.pauseMillis = timeoutMillis;
    this.lateMillis = timeoutMillis / 2;
    this.limit = Math.min(window, FIRST);
  }

  /**
   * Whether one more may be sent.
   *
   * @param outstanding sent and not answered, what was turned away included
   */
  boolean allows(int outstanding) {
    return outstanding - turnedAway.size() < limit;
  }

  /**
   * Whether what was turned away may be sent again.
   *
   * @param before sent and not answered of the session's requests before it
   */
  boolean allowsBehind(long before) {
    return before < limit;
  }

  boolean isAnyTurnedAway() {
    return !turnedAway.isEmpty();
  }

  /** The earliest that was turned away, or null. */
  Operation firstTurnedAway() {
    return turnedAway.isEmpty() ? null : turnedAway.firstEntry().getValue();
  }

  /**
   * A replica has not taken it.
   *
   * @param outstanding sent and not answered, what was turned away included
   * @param room how many that replica has room for, it says
   */
  void onTurnedAway(Operation operation, int outstanding, long room, long at) {
    starts = false;
    if (at >= steadyUntil) {
      left = outstanding - turnedAway.size();
      int most = Math.min(limit, left);
      int kept = (int) Math.min(Math.max(1, most), Math.max(1, room));
      limit = Math.max(kept, most * KEPT_OF_FOUR / 4);
      least = Math.max(kept, most * KEPT_AT_LEAST_OF_FOUR / 4);
      steadyUntil = at + pauseMillis;
      answers = 0;
    }
    operation.backedOff = true;
    turnedAway.put(operation.request.timestamp(), operation);
    // Else each answer would have as much sent again as was just turned away. What has been
    // answered meanwhile does not count: it has made room.
    left--;
    limit = Math.min(limit, Math.max(left, least));
  }

  /** It is sent once more, answered, or given up. */
  void onTaken(Operation operation) {
    if (operation.backedOff) {
      operation.backedOff = false;
      turnedAway.remove(operation.request.timestamp());
    }
  }

  /**
   * An answer.
   *
   * @param outstanding sent and not answered before it, what was turned away included
   * @param tookMillis since its only transmission; negative when there were several
   */
  void onAnswered(int outstanding, long tookMillis) {
    if (tookMillis >= 0) {
      leastMillis = Math.min(leastMillis, tookMillis);
    }
    boolean late = tookMillis > Math.max(lateMillis, 2 * leastMillis);
    boolean used = 2 * outstanding >= limit;
    if (limit < window && used && !late && ++answers >= answersPerStep()) {
      answers = 0;
      limit++;
    }
  }

  private int answersPerStep() {
    return starts ? 1 : Math.min(ANSWERS_PER_STEP, 1 + limit / STEPS_PER_ROUND);
  }
}
