package io.pbft.compare.generals;

import io.pbft.compare.generals.Outcome.Verdict;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/** A loyal general of SM(m) (section 4 of the paper). Not thread safe. */
final class SignedGeneral {
  private final int self;
  private final int generals;
  private final int relayLimit;
  private final Seals seals;
  private final EnumSet<Order> known = EnumSet.noneOf(Order.class);
  private List<SignedMessage> next = new ArrayList<>();

  /**
   * @param relayLimit m: what bears more signatures of lieutenants is not passed on
   * @param given the commander's order; ignored for a lieutenant
   */
  SignedGeneral(int self, int generals, int relayLimit, Order given, Seals seals) {
    this.self = self;
    this.generals = generals;
    this.relayLimit = relayLimit;
    this.seals = seals;
    if (self == 0) {
      sendToAllNotOn(SignedOrder.unsigned(given));
    }
  }

  private void sendToAllNotOn(SignedOrder received) {
    SignedOrder signed = received.signedBy(self, seals);
    for (int to = 0; to < generals; to++) {
      if (!signed.isSignedBy(to)) {
        next.add(new SignedMessage(self, to, signed));
      }
    }
  }

  /** What it sends in the round that begins. */
  List<SignedMessage> send() {
    List<SignedMessage> out = next;
    next = new ArrayList<>();
    return out;
  }

  /** A message arrives in that round, the first being 1. */
  Verdict receive(int round, SignedMessage message) {
    Verdict verdict = judge(round, message);
    if (verdict == Verdict.TAKEN) {
      known.add(message.signed().order());
      if (round - 1 < relayLimit) {
        sendToAllNotOn(message.signed());
      }
    }
    return verdict;
  }

  private Verdict judge(int round, SignedMessage message) {
    SignedOrder signed = message.signed();
    Path path = signed.path();
    if (path == null || path.generals().get(0) != 0) {
      return Verdict.NOT_FROM_COMMANDER;
    } else if (!path.isLegal()) {
      return Verdict.SIGNED_TWICE;
    } else if (path.contains(self)) {
      return Verdict.OWN_SIGNATURE;
    } else if (path.last() != message.from()) {
      return Verdict.WRONG_SENDER;
    } else if (path.length() != round) {
      // Fewer: signed early and kept back until nobody can pass it on any more.
      return Verdict.WRONG_ROUND;
    } else if (!signed.isGenuine(seals)) {
      return Verdict.BAD_SIGNATURE;
    }
    return known.contains(signed.order()) ? Verdict.KNOWN : Verdict.TAKEN;
  }

  /** The paper's {@code choice}: the one order it knows, else retreat. */
  Order decide() {
    return choice(known);
  }

  static Order choice(EnumSet<Order> known) {
    return known.size() == 1 ? known.iterator().next() : Order.RETREAT;
  }
}
