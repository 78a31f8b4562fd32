package io.pbft.lab.play;

import io.pbft.core.Effect;
import io.pbft.core.message.Envelope;
import io.pbft.core.message.Message;
import io.pbft.core.message.ReplicaMessage;
import io.pbft.crypto.Principal;

/**
 * A message on its way out, as the rules have left it so far.
 *
 * @param to replica or client
 * @param session of the client
 * @param message what it says
 * @param envelope its sealed bytes, or null when the traitor's own key is to seal it
 * @param badMac the link's MAC will not verify
 * @param delayMicros how much later it leaves
 */
record Draft(
    Principal to,
    long session,
    Message message,
    Envelope envelope,
    boolean badMac,
    long delayMicros) {
  static Draft to(Principal to, Message message, Envelope envelope) {
    return new Draft(to, 0, message, envelope, false, 0);
  }

  static Draft of(Effect.Answer answer) {
    return new Draft(
        Principal.client(answer.client()), answer.session(), answer.message(), null, false, 0);
  }

  /** The same envelope around something else: it is sealed anew. */
  Draft saying(Message other) {
    return new Draft(to, session, other, null, badMac, delayMicros);
  }

  Draft sealedAs(Envelope bytes) {
    return new Draft(to, session, message, bytes, badMac, delayMicros);
  }

  Draft towards(Principal other) {
    return new Draft(other, session, message, envelope, badMac, delayMicros);
  }

  Draft later(long micros) {
    return new Draft(to, session, message, envelope, badMac, delayMicros + micros);
  }

  Draft withBadMac() {
    return new Draft(to, session, message, envelope, true, delayMicros);
  }

  /** Whether the core's own effects can carry it; else it goes over the link directly. */
  boolean isPlain() {
    boolean toClient = to.kind() == Principal.Kind.CLIENT;
    return !badMac && delayMicros == 0 && (!toClient || envelope == null);
  }

  Effect effect() {
    return to.kind() == Principal.Kind.CLIENT
        ? new Effect.Answer(to.id(), session, (ReplicaMessage) message)
        : new Effect.Send(to.id(), message, envelope);
  }
}
