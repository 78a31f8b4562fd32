package io.pbft.lab.sim;

/**
 * A replica's own clock: it may be ahead or behind, and run fast or slow. It never runs backwards,
 * as the driver of a core promises.
 */
public final class SimClock {
  private static final long MILLION = 1_000_000;

  private final EventQueue queue;
  private long offsetMicros;
  private long sinceMicros;
  private long driftPpm;

  SimClock(EventQueue queue, long startMicros) {
    this.queue = queue;
    this.offsetMicros = startMicros;
  }

  private long micros() {
    long elapsed = queue.now() - sinceMicros;
    return sinceMicros + offsetMicros + elapsed + elapsed * driftPpm / MILLION;
  }

  /** From now on it gains so many microseconds a second; negative to lose, above -1,000,000. */
  public void drift(long partsPerMillion) {
    settle();
    driftPpm = partsPerMillion;
  }

  /** It is set forward. */
  public void jump(long millis) {
    settle();
    offsetMicros += Math.max(0, millis) * 1000;
  }

  private void settle() {
    long now = micros();
    sinceMicros = queue.now();
    offsetMicros = now - sinceMicros;
  }

  long nowMillis() {
    return micros() / 1000;
  }

  /** How long it really takes until the clock has advanced by so much. */
  long realMicros(long millis) {
    return millis * 1000 * MILLION / (MILLION + driftPpm);
  }
}
