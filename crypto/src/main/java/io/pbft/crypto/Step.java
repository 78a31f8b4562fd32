package io.pbft.crypto;

/** What a {@link Handshake} answers to a message. Arrays are the receiver's to keep. */
public sealed interface Step {
  /** Send these bytes and wait for the next message. */
  record Send(byte[] bytes) implements Step {}

  /**
   * Send these bytes; this side is done. The peer is authenticated, but has yet to accept: it
   * closes the connection if it does not.
   */
  record SendAndDone(byte[] bytes, Session session) implements Step {}

  /** Both sides are authenticated; nothing more to send. */
  record Done(Session session) implements Step {}

  /**
   * Close the connection.
   *
   * @param reason the cause, for metrics and decisions
   * @param detail one line for people, without secrets; not to be sent to the peer
   */
  record Refused(HandshakeRefusal reason, String detail) implements Step {}
}
