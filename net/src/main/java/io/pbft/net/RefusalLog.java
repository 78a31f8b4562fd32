package io.pbft.net;

import io.pbft.core.message.Reason;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Lines about refusals at a bounded rate: so many for each reason in ten seconds, then one that
 * tells how many more there were. Belongs to one thread.
 */
final class RefusalLog {
  private static final int LINES = 5;
  private static final long WINDOW_NANOS = 10_000_000_000L;

  private static final class Window {
    private long start;
    private long lines;
  }

  private final LongSupplier nanoClock;
  private final Consumer<String> out;
  private final Map<Reason, Window> windows = new EnumMap<>(Reason.class);

  RefusalLog(LongSupplier nanoClock, Consumer<String> out) {
    this.nanoClock = nanoClock;
    this.out = out;
  }

  /** Writes a line, or counts it. */
  void refused(Reason reason, String detail) {
    long now = nanoClock.getAsLong();
    Window window = windows.computeIfAbsent(reason, key -> new Window());
    endIfOver(reason, window, now);
    if (window.lines == 0) {
      window.start = now;
    }
    if (window.lines++ < LINES) {
      out.accept("refused " + reason + ": " + detail);
    }
  }

  /**
   * Tells of lines that were held back, once their ten seconds are over; to be called regularly.
   */
  void tick() {
    long now = nanoClock.getAsLong();
    windows.forEach((reason, window) -> endIfOver(reason, window, now));
  }

  private void endIfOver(Reason reason, Window window, long now) {
    if (window.lines == 0 || now - window.start < WINDOW_NANOS) {
      return;
    }
    if (window.lines > LINES) {
      out.accept("refused " + reason + ": and " + (window.lines - LINES) + " more");
    }
    window.lines = 0;
  }
}
