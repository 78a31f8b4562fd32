package io.pbft.client.core;

/** The client's timers; at most one of each is armed. */
public enum ClientTimer {
  /** An ordered request has waited too long for its result. */
  REQUEST,
  /** An unordered read has waited too long for its answers. */
  READ
}
