package io.pbft.crypto;

/** Leaves the checks of a handshake early; {@link Handshake#receive} turns it into a value. */
final class RefusalException extends Exception {
  private final HandshakeRefusal reason;

  RefusalException(HandshakeRefusal reason, String detail) {
    // Peers can provoke these at will: no stack trace, which would be most of the cost.
    super(detail, null, false, false);
    this.reason = reason;
  }

  Step.Refused toStep() {
    return new Step.Refused(reason, getMessage());
  }
}
