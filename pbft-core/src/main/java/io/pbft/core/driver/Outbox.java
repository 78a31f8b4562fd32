package io.pbft.core.driver;

import io.pbft.core.spi.Transport;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The barrier between a replica's memory and its mouth: payloads leave in order, each once the
 * record that was last when it was written is durable. Owner thread only.
 */
final class Outbox {
  private static final int MAX_WAITING = 65_536;
  private static final long MAX_BYTES = 64L * 1024 * 1024;

  private enum To {
    REPLICA,
    OTHERS,
    CLIENT
  }

  private record Outgoing(long position, To kind, int id, long session, byte[] payload) {}

  private final Transport transport;
  private final int self;
  private final int n;
  private final Queue<Outgoing> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private long barrier;
  private long durable;
  private boolean unflushed;

  Outbox(Transport transport, int self, int n) {
    this.transport = transport;
    this.self = self;
    this.n = n;
  }

  /** Nothing said from now on may leave before the position is durable. */
  void raiseBarrier(long position) {
    barrier = Math.max(barrier, position);
  }

  void toReplica(int replica, byte[] payload) {
    say(new Outgoing(barrier, To.REPLICA, replica, 0, payload));
  }

  void toOthers(byte[] payload) {
    say(new Outgoing(barrier, To.OTHERS, 0, 0, payload));
  }

  void toClient(int client, long session, byte[] payload) {
    say(new Outgoing(barrier, To.CLIENT, client, session, payload));
  }

  /** Says nothing of what was voted, so waits for nothing. */
  void toClientAtOnce(int client, long session, byte[] payload) {
    send(new Outgoing(0, To.CLIENT, client, session, payload));
  }

  private void say(Outgoing outgoing) {
    if (waiting.isEmpty() && outgoing.position() <= durable) {
      send(outgoing);
    } else {
      waiting.add(outgoing);
      waitingBytes += outgoing.payload().length;
    }
  }

  /** Lets go what waited for records up to the position. */
  void release(long position) {
    durable = Math.max(durable, position);
    while (!waiting.isEmpty() && waiting.peek().position() <= durable) {
      Outgoing next = waiting.remove();
      waitingBytes -= next.payload().length;
      send(next);
    }
  }

  /** Whether so much waits that the core should get nothing more to do. */
  boolean isFull() {
    return waiting.size() >= MAX_WAITING || waitingBytes >= MAX_BYTES;
  }

  private void send(Outgoing outgoing) {
    unflushed = true;
    switch (outgoing.kind()) {
      case REPLICA -> transport.sendToReplica(outgoing.id(), outgoing.payload());
      case CLIENT -> transport.sendToClient(outgoing.id(), outgoing.session(), outgoing.payload());
      case OTHERS -> {
        for (int replica = 0; replica < n; replica++) {
          if (replica != self) {
            transport.sendToReplica(replica, outgoing.payload());
          }
        }
      }
    }
  }

  /** Flushes the transport if anything was sent since the last time. */
  void flush() {
    if (unflushed) {
      unflushed = false;
      transport.flush();
    }
  }
}
