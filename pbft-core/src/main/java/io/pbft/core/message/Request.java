package io.pbft.core.message;

import io.pbft.crypto.Digest;
import io.pbft.crypto.Hasher;

/**
 * REQUEST(o, t, c): one operation of one client session (OSDI'99, section 4.1).
 *
 * <p>The timestamps of a session are consecutive from 1 and a replica executes exactly the next
 * one, so a session's requests are executed in its order and at most once, whatever the primary
 * does. {@code acknowledged} tells replicas that the client holds the answers of all lower
 * timestamps, whose cached replies may go.
 */
public final class Request {
  private static final Hasher.Domain DOMAIN = new Hasher.Domain("request");

  /** What the state machine is asked to do. */
  public enum Kind {
    /** May change the state. */
    WRITE(1),
    /** Only reads, but in order: linearizable by itself. */
    READ(2);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    /** The byte that stands for the kind, never reused. */
    public int code() {
      return code;
    }

    /** The kind with the code, or null. */
    public static Kind ofCode(int code) {
      return code == WRITE.code ? WRITE : code == READ.code ? READ : null;
    }
  }

  private final int client;
  private final long session;
  private final long timestamp;
  private final long acknowledged;
  private final Kind kind;
  private final byte[] operation;
  private final Digest digest;

  /**
   * @param client id of the client, from 0
   * @param session number of the client's session, above 0; later sessions have higher numbers
   * @param timestamp position in the session, from 1
   * @param acknowledged all timestamps below this one have been answered; from 1 to {@code
   *     timestamp}
   */
  public Request(
      int client, long session, long timestamp, long acknowledged, Kind kind, byte[] operation) {
    this.client = client;
    this.session = session;
    this.timestamp = timestamp;
    this.acknowledged = acknowledged;
    this.kind = kind;
    this.operation = operation;
    this.digest =
        DOMAIN
            .hasher()
            .putInt(client)
            .putLong(session)
            .putLong(timestamp)
            .putLong(acknowledged)
            .putByte(kind.code())
            .putSized(operation)
            .digest();
  }

  public int client() {
    return client;
  }

  public long session() {
    return session;
  }

  public long timestamp() {
    return timestamp;
  }

  public long acknowledged() {
    return acknowledged;
  }

  public Kind kind() {
    return kind;
  }

  /** The operation's bytes; shared, not to be modified. */
  public byte[] operation() {
    return operation;
  }

  /** Identity of the request; how it is authenticated is not part of it. */
  public Digest digest() {
    return digest;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Request that && digest.equals(that.digest);
  }

  @Override
  public int hashCode() {
    return digest.hashCode();
  }

  @Override
  public String toString() {
    return "c" + client + "." + session + ":" + timestamp;
  }
}
