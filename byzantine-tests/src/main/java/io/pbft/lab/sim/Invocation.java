package io.pbft.lab.sim;

/** An operation as a client asked for it. */
public final class Invocation {
  private final int client;
  private final long session;
  private final long number;
  private final long atMicros;
  private final boolean read;
  private final byte[] operation;
  private long timestamp;

  Invocation(int client, long session, long number, long atMicros, boolean read, byte[] operation) {
    this.client = client;
    this.session = session;
    this.number = number;
    this.atMicros = atMicros;
    this.read = read;
    this.operation = operation.clone();
  }

  public int client() {
    return client;
  }

  public long session() {
    return session;
  }

  /** Counts the client's operations from 0. */
  public long number() {
    return number;
  }

  /** When it was asked for, virtual microseconds since the start of the run. */
  public long atMicros() {
    return atMicros;
  }

  /** Whether it was asked for as a fast read, beside the order. */
  public boolean isRead() {
    return read;
  }

  /** Shared, not to be modified. */
  public byte[] operation() {
    return operation;
  }

  /**
   * The timestamp of the request that carries it; 0 as long as there is none: it waits for the
   * client's window, or it is a fast read that has not fallen back to the order.
   */
  public long timestamp() {
    return timestamp;
  }

  void carriedBy(long requestTimestamp) {
    timestamp = requestTimestamp;
  }

  @Override
  public String toString() {
    String carried = timestamp == 0 ? "" : " t=" + timestamp;
    return "c" + client + " #" + number + (read ? " (fast read)" : "") + carried;
  }
}
