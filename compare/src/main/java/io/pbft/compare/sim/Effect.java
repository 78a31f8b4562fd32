package io.pbft.compare.sim;

/** What a node wants done. */
public sealed interface Effect {
  record Send(int to, Message message) implements Effect {}

  /** Durable before any effect after it. */
  record Persist(Fact fact) implements Effect {}

  /** Replaces the timer of that name. */
  record Arm(String timer, long delayMicros) implements Effect {}

  record Cancel(String timer) implements Effect {}

  /**
   * The command is decided for that place in the order. Each life of a node delivers from place 1
   * on, without gaps.
   */
  record Deliver(long slot, Command command) implements Effect {}
}
