package io.pbft.node;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Numbers for a client's sessions that ascend with the clock, across restarts too; the low bits are
 * random, so that processes that use one identity at the same time do not meet. Thread safe.
 */
final class SessionNumbers {
  /** Milliseconds need 41 bits until 2039 and 45 until the year 3084: numbers stay below 2^61. */
  private static final int RANDOM_BITS = 16;

  /** Of the whole process: two clients in it never share a session. */
  private static final AtomicLong LAST = new AtomicLong();

  private static final SecureRandom RANDOM = new SecureRandom();

  private final LongSupplier millis;

  SessionNumbers() {
    this(System::currentTimeMillis);
  }

  SessionNumbers(LongSupplier millis) {
    this.millis = millis;
  }

  /** Above every number given before in this process. */
  long next() {
    long drawn = (millis.getAsLong() << RANDOM_BITS) | RANDOM.nextInt(1 << RANDOM_BITS);
    return LAST.updateAndGet(last -> Math.max(last + 1, drawn));
  }
}
