package io.pbft.client.core;

/** Bytes of results that are kept though nothing proves them yet. */
final class ByteBudget {
  private final long limit;
  private long used;

  ByteBudget(long limit) {
    this.limit = limit;
  }

  boolean take(int bytes) {
    if (bytes > limit - used) {
      return false;
    }
    used += bytes;
    return true;
  }

  void give(long bytes) {
    used -= bytes;
  }

  long used() {
    return used;
  }
}
