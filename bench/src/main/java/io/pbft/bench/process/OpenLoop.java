package io.pbft.bench.process;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Operations at a fixed rate: each is due at its own time, whatever becomes of those before, begins
 * then or as soon as a session has room, and its time counts from when it was due. What has waited
 * too long is given up. No clock and no thread of its own: {@link #advance} is called by one
 * thread, {@link #ended} by any.
 */
final class OpenLoop {
  private static final double NANOS = 1e9;

  /** Begins an operation in a session. */
  interface Start {
    void operation(int session, long dueNanos);
  }

  private final double perSecond;
  private final double patienceSeconds;
  private final int mostInFlight;
  private final AtomicIntegerArray inFlight;
  private final Start start;
  private long next;
  private int session;

  /**
   * @param perSecond operations that fall due
   * @param patienceSeconds how long one may wait for room
   * @param sessions how many there are
   * @param mostInFlight how many operations each of them may have begun and not ended
   */
  OpenLoop(double perSecond, double patienceSeconds, int sessions, int mostInFlight, Start start) {
    this.perSecond = perSecond;
    this.patienceSeconds = patienceSeconds;
    this.mostInFlight = mostInFlight;
    this.inFlight = new AtomicIntegerArray(sessions);
    this.start = start;
  }

  /**
   * Begins what is due and has room, the earliest first.
   *
   * @param nanos since the beginning, never less than before
   * @return how many were given up
   */
  long advance(long nanos) {
    long due = (long) Math.floor(nanos / NANOS * perSecond) + 1;
    long hopeless = (long) Math.ceil((nanos / NANOS - patienceSeconds) * perSecond);
    long givenUp = Math.max(0, hopeless - next);
    next += givenUp;
    while (next < due && findRoom()) {
      inFlight.incrementAndGet(session);
      start.operation(session, Math.round(next / perSecond * NANOS));
      session = (session + 1) % inFlight.length();
      next++;
    }
    return givenUp;
  }

  private boolean findRoom() {
    for (int i = 0; i < inFlight.length(); i++) {
      if (inFlight.get(session) < mostInFlight) {
        return true;
      }
      session = (session + 1) % inFlight.length();
    }
    return false;
  }

  /** One that was begun in the session has been answered or has failed. */
  void ended(int in) {
    inFlight.decrementAndGet(in);
  }
}
