package io.pbft.client.core;

import java.util.TreeMap;

/**
 * How much a session gives replicas to do that say they are busy. What was turned away waits here,
 * and nothing behind it is sent: a session is executed in order, so that would only take the room
 * that the earlier needs. How many may be in flight falls by a quarter when replicas say so, once
 * in a while, since they say it of many requests together, and on to what they have left of it, but
 * no further than to a half: that most of a burst met a full pool says little of the session's
 * share of it, and who fell that far would for seconds get less than the others. What a replica
 * says that it has room for stays in any case: no more than that is lost by believing it. It grows
 * again with the answers.
 */
final class Congestion {
  /** Answers after which one more may be in flight, at most; fewer while few are. */
  private static final int ANSWERS_PER_STEP = 32;

  private static final int STEPS_PER_ROUND = 4;
  private static final int KEPT_OF_FOUR = 3;
  private static final int KEPT_AT_LEAST_OF_FOUR = 2;

  private final int window;
  private final long pauseMillis;
  private final TreeMap<Long, Operation> turnedAway = new TreeMap<>();
  private int limit;
  private int answers;

  /** Not cut again before. */
  private long steadyUntil = Long.MIN_VALUE;

  /** What was in flight when it was cut, without what has been turned away since. */
  private int left;

  private int least;

  /**
   * @param window how many may be in flight while nobody is busy
   * @param pauseMillis after cutting that, before it is cut again
   */
  Congestion(int window, long pauseMillis) {
    this.window = window;
    this.pauseMillis = pauseMillis;
    this.limit = window;
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

  void onAnswered() {
    if (limit < window && ++answers >= Math.min(ANSWERS_PER_STEP, 1 + limit / STEPS_PER_ROUND)) {
      answers = 0;
      limit++;
    }
  }
}
