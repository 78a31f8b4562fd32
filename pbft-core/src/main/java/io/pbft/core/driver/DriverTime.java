package io.pbft.core.driver;

/** The driver's clock as the core sees it: never set back. Owner thread only. */
final class DriverTime {
  private final DriverClock clock;
  private long lastMillis;

  DriverTime(DriverClock clock) {
    this.clock = clock;
  }

  long millis() {
    lastMillis = Math.max(lastMillis, clock.epochMillis());
    return lastMillis;
  }

  long nanos() {
    return clock.nanos();
  }
}
