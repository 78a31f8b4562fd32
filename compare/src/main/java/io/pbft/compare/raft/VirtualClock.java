package io.pbft.compare.raft;

import io.pbft.compare.sim.EventQueue;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The event queue's time. */
final class VirtualClock extends Clock {
  private final EventQueue queue;

  VirtualClock(EventQueue queue) {
    this.queue = queue;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(1_000_000 + queue.now() / 1_000);
  }
}
