package io.pbft.core.validation;

import io.pbft.core.message.Envelope;
import io.pbft.core.message.Message;
import io.pbft.core.message.Reason;
import io.pbft.crypto.Principal;
import java.util.BitSet;
import java.util.List;

/**
 * A message whose author is proven, its nested signed messages included. Only {@link Gatekeeper}
 * makes one.
 */
public final class Verified<M extends Message> {
  private static final BitSet NONE = new BitSet();

  private final M message;
  private final Principal sender;
  private final Envelope envelope;
  private final BitSet unverifiable;
  private final List<Verified<?>> parts;
  private final Reason faultOfParts;

  Verified(
      M message,
      Principal sender,
      Envelope envelope,
      BitSet unverifiable,
      List<Verified<?>> parts,
      Reason faultOfParts) {
    this.message = message;
    this.sender = sender;
    this.envelope = envelope;
    this.unverifiable = unverifiable;
    this.parts = parts;
    this.faultOfParts = faultOfParts;
  }

  static <M extends Message> Verified<M> plain(M message, Principal sender, Envelope envelope) {
    return new Verified<>(message, sender, envelope, NONE, List.of(), null);
  }

  public M message() {
    return message;
  }

  /** Whose link it came over; for a part of a relay, its author. */
  public Principal sender() {
    return sender;
  }

  /** The signed bytes, fit to be passed on; null when the message is not signed. */
  public Envelope envelope() {
    return envelope;
  }

  /** Of a pre-prepare: whether all requests of the batch are known to be their clients'. */
  public boolean isFullyVerifiable() {
    return unverifiable.isEmpty();
  }

  /** Of a pre-prepare: positions in the batch of the requests that cannot be checked here. */
  public BitSet unverifiable() {
    return (BitSet) unverifiable.clone();
  }

  /** Of a relay: the signed messages in it up to the first that does not verify. */
  public List<Verified<?>> parts() {
    return parts;
  }

  /** Of a relay: why the first message that is not among its parts was left out, or null. */
  public Reason faultOfParts() {
    return faultOfParts;
  }

  @Override
  public String toString() {
    return sender + " " + message;
  }
}
