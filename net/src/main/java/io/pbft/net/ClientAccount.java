package io.pbft.net;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the sessions of one client share: room for what waits for them, and how much of what they
 * send may be refused before they are not read from for a while. A pause outlives the links: who is
 * paused gains nothing by a new session.
 *
 * <p>The event loop's, but for {@link #countRefusal} and {@link #queuedBytes}.
 */
final class ClientAccount {
  /** More sessions than so many don't have more refused than these. */
  static final int SESSIONS_COUNTED = 4;

  /** The longest pause, in looks at the time. */
  private static final int LONGEST_PAUSE = 16;

  private final TransportConfig config;
  private final AtomicLong queuedBytes = new AtomicLong();
  private final Set<Link> links = new LinkedHashSet<>();
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicLong refusedBytes = new AtomicLong();
  private final AtomicBoolean tooMuch = new AtomicBoolean();
  private volatile int mostRefused;
  private int looksPaused;
  private int lastPause;

  ClientAccount(TransportConfig config) {
    this.config = config;
    onLinksChanged();
  }

  AtomicLong queuedBytes() {
    return queuedBytes;
  }

  Set<Link> links() {
    return links;
  }

  void add(Link link) {
    links.add(link);
    onLinksChanged();
    link.connection().setPaused(isPaused());
  }

  void remove(Link link) {
    links.remove(link);
    onLinksChanged();
  }

  private void onLinksChanged() {
    mostRefused = mostRefused(config.refusals(), links.size());
  }

  /** Of a client's payloads between two looks at the time. */
  static int mostRefused(int ofOneSession, int sessions) {
    int counted = Math.max(1, Math.min(sessions, SESSIONS_COUNTED));
    return (int) Math.min((long) ofOneSession * counted, Integer.MAX_VALUE);
  }

  /**
   * A payload that came was refused. True when, with it, too much was since the last {@link #tick}:
   * once. From any thread.
   */
  boolean countRefusal(int bytes) {
    long sum = refusedBytes.addAndGet(bytes);
    boolean over = refused.incrementAndGet() >= mostRefused || sum >= config.refusedBytes();
    return over && !tooMuch.get() && tooMuch.compareAndSet(false, true);
  }

  /**
   * Because too much of what comes is refused: until the next look at the time, and each time when
   * that does not help twice as long as the time before. False when there is a pause already.
   */
  boolean pause() {
    if (isPaused()) {
      return false;
    }
    lastPause = Math.max(1, Math.min(2 * lastPause, LONGEST_PAUSE));
    looksPaused = lastPause;
    links.forEach(link -> link.connection().setPaused(true));
    return true;
  }

  boolean isPaused() {
    return looksPaused > 0;
  }

  /** How many looks at the time this pause has still to last. */
  int looksPaused() {
    return looksPaused;
  }

  /** Regularly, a look at the time. */
  void tick() {
    refused.set(0);
    refusedBytes.set(0);
    tooMuch.set(false);
    if (looksPaused == 0) {
      lastPause = 0;
    } else if (--looksPaused == 0) {
      links.forEach(link -> link.connection().setPaused(false));
    }
  }

  /** Whether there is nothing to remember of the client. */
  boolean isOver() {
    return links.isEmpty() && lastPause == 0;
  }
}
