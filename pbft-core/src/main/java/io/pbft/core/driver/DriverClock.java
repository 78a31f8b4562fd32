package io.pbft.core.driver;

/** Time as a driver sees it. */
public interface DriverClock {
  /** The machine's clocks. */
  DriverClock SYSTEM =
      new DriverClock() {
        @Override
        public long epochMillis() {
          return System.currentTimeMillis();
        }

        @Override
        public long nanos() {
          return System.nanoTime();
        }
      };

  /** Milliseconds since the epoch; may be set back, which the driver hides from the core. */
  long epochMillis();

  /** Nanoseconds from an arbitrary origin, never set back: for timers. */
  long nanos();
}
