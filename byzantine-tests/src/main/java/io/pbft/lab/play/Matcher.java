package io.pbft.lab.play;

import io.pbft.core.message.Message;
import io.pbft.crypto.Principal;
import io.pbft.lab.scenario.Phrase;
import io.pbft.lab.scenario.Rule;
import java.util.SplittableRandom;

/**
 * Whether a rule's trigger fits what happens. Copies of one message to several receivers count as
 * one for {@code nth} and {@code once}.
 */
final class Matcher {
  /** How well it fits. */
  enum Fit {
    NO,
    /** A further copy of a message that fitted already. */
    COPY,
    FIRST
  }

  private final Rule rule;
  private final Stage stage;
  private final SplittableRandom random;
  private Object last;
  private Object lastFitting;
  private long count;
  private boolean spent;
  private boolean fired;

  Matcher(Rule rule, Stage stage, SplittableRandom random) {
    this.rule = rule;
    this.stage = stage;
    this.random = random;
  }

  Rule rule() {
    return rule;
  }

  /** Whether the rule ever applied. */
  boolean hasFired() {
    return fired;
  }

  /** It is a timed rule, and its time has come. */
  void fire() {
    fired = true;
  }

  boolean waitsFor(String trigger) {
    return rule.trigger().head().equals(trigger);
  }

  /**
   * A message that leaves or arrives.
   *
   * @param direction {@code sending} or {@code receiving}
   * @param peer the other end
   */
  Fit fits(String direction, Message message, Principal peer, Stage.Self self) {
    Phrase trigger = rule.trigger();
    if (!waitsFor(direction) || !fitsMessage(trigger, message) || !fitsPeer(trigger, peer, self)) {
      return Fit.NO;
    }
    if (message != last) {
      last = message;
      count++;
    }
    boolean lucky = !trigger.has("odds") || random.nextDouble() < trigger.share("odds", 1);
    return trigger.allows("nth", count) && lucky ? fit(message) : Fit.NO;
  }

  private static boolean fitsMessage(Phrase trigger, Message message) {
    String type = trigger.word("type");
    boolean isOfType =
        type.equals("anything") || type.equals(message.type().name().replace('_', '-'));
    return isOfType
        && trigger.allows("slot", Fields.slot(message))
        && trigger.allows("view", Fields.view(message))
        && trigger.allows("requests", Fields.batch(message).requests().size())
        && (!trigger.has("client") || Fields.concerns(message, trigger.number("client", 0)))
        && (!trigger.has("key") || Fields.touches(message, trigger.word("key")));
  }

  private boolean fitsPeer(Phrase trigger, Principal peer, Stage.Self self) {
    String side = waitsFor("sending") ? "to" : "from";
    if (trigger.has(side) && !stage.resolve(trigger.actors(side), self).contains(peer)) {
      return false;
    }
    boolean isPrimary =
        self.who().equals(Principal.replica(stage.config().quorums().primary(self.view())));
    return !trigger.has("as") || trigger.word("as").equals(isPrimary ? "primary" : "backup");
  }

  /** A timer of the replica fires. */
  Fit fitsTimer(String kind) {
    boolean is = waitsFor("timer") && rule.trigger().word("kind").equals(kind);
    return is ? fit(new Object()) : Fit.NO;
  }

  /**
   * A replica noticed something.
   *
   * @param self who waits for it
   */
  Fit fitsNotice(Notice notice, int replica, Stage.Self self) {
    Phrase trigger = rule.trigger();
    boolean is =
        waitsFor("noticing")
            && trigger.word("what").equals(notice.what())
            && trigger.allows("slot", notice.slot())
            && trigger.allows("view", notice.view())
            && (!trigger.has("by") || stage.replicas(trigger.actors("by"), self).contains(replica));
    if (!is) {
      return Fit.NO;
    }
    count++;
    return trigger.allows("nth", count) ? fit(new Object()) : Fit.NO;
  }

  private Fit fit(Object what) {
    if (what == lastFitting) {
      return Fit.COPY;
    }
    if (spent) {
      return Fit.NO;
    }
    lastFitting = what;
    fired = true;
    spent = rule.once();
    return Fit.FIRST;
  }
}
