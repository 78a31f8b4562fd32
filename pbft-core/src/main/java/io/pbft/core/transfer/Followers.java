package io.pbft.core.transfer;

import io.pbft.core.normal.MessageLog;
import java.util.Arrays;

/**
 * Who is behind the log, and from where it will follow on what is kept below h: from the checkpoint
 * whose state it fetches, or from what it has executed. Without that a replica that fetches a large
 * state under load would find, when it has it, that what comes next has gone.
 */
final class Followers {
  /** Rounds in which nothing comes from it: it has gone, or needs nothing more. */
  private static final int ROUNDS_OF_PATIENCE = 20;

  private static final long NOT = -1;

  private final MessageLog log;
  private final long[] from;
  private final long[] heardIn;
  private long round;

  Followers(int n, MessageLog log) {
    this.log = log;
    this.from = new long[n];
    this.heardIn = new long[n];
    Arrays.fill(from, NOT);
  }

  /** A tick: who says nothing for long is forgotten. */
  void nextRound() {
    round++;
    for (int replica = 0; replica < from.length; replica++) {
      if (round - heardIn[replica] > ROUNDS_OF_PATIENCE) {
        from[replica] = NOT;
      }
    }
    apply();
  }

  /** It fetches the state of a checkpoint. */
  void onFetch(int replica, long sequence) {
    note(replica, sequence);
  }

  /** What it has executed, by its own word; while it fetches a state that is what it had before. */
  void onExecuted(int replica, long executed) {
    if (executed >= log.low()) {
      from[replica] = NOT;
      apply();
    } else if (executed > from[replica]) {
      note(replica, executed);
    }
  }

  private void note(int replica, long executed) {
    heardIn[replica] = round;
    if (executed != from[replica]) {
      from[replica] = executed;
      apply();
    }
  }

  /** Who needs something that has gone already needs a state first. */
  private void apply() {
    long least = Long.MAX_VALUE;
    for (long executed : from) {
      if (executed != NOT && log.pastDigest(executed + 1) != null) {
        least = Math.min(least, executed + 1);
      }
    }
    log.needFrom(least);
  }
}
