package io.pbft.net;

import io.pbft.core.message.Reason;
import io.pbft.core.spi.Transport;
import io.pbft.crypto.Principal;
import io.pbft.crypto.Session;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.assertj.core.api.Assertions;

/** Keeps what a listener hears, in order and as text, and lets tests wait for it. */
class Recorder implements Transport.Listener {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final List<String> events = new ArrayList<>();

  @Override
  public void onPayload(Principal peer, long session, byte[] buffer, int offset, int length) {
    add("payload " + name(peer, session) + ": " + text(buffer, offset, length));
  }

  @Override
  public void onConnected(Session session) {
    add("connected " + name(session.peer(), session.session()));
  }

  @Override
  public void onDisconnected(Principal peer, long session) {
    add("disconnected " + name(peer, session));
  }

  @Override
  public void onRefused(Principal peer, Reason reason, String detail) {
    add("refused " + reason + " " + (peer == null ? "stranger" : peer) + ": " + detail);
  }

  /** Waits until some event starts like this, and gives all so far. */
  List<String> await(String start) throws InterruptedException {
    return await(start, 1);
  }

  /** Waits until so many events start like this, and gives all so far. */
  List<String> await(String start, int count) throws InterruptedException {
    return awaitAll(
        "events that start with '" + start + "': " + count,
        all -> all.stream().filter(event -> event.startsWith(start)).count() >= count);
  }

  synchronized List<String> events() {
    return List.copyOf(events);
  }

  /** Events that start like this. */
  List<String> events(String start) {
    return events().stream().filter(event -> event.startsWith(start)).toList();
  }

  private synchronized List<String> awaitAll(String what, Predicate<List<String>> condition)
      throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.test(events)) {
      long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (millis <= 0) {
        Assertions.fail("waited in vain for %s; heard %s", what, events);
      }
      wait(millis);
    }
    return List.copyOf(events);
  }

  synchronized void add(String event) {
    events.add(event);
    notifyAll();
  }

  private static String name(Principal peer, long session) {
    return peer.kind() == Principal.Kind.CLIENT ? peer + "/" + session : peer.toString();
  }

  private static String text(byte[] buffer, int offset, int length) {
    return length > 100
        ? length + " bytes"
        : new String(buffer, offset, length, StandardCharsets.UTF_8);
  }
}
