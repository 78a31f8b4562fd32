package io.pbft.lab.play;

import io.pbft.core.CoreStatus;
import io.pbft.core.Effect;
import io.pbft.core.Event;
import io.pbft.core.ReplicaCore;
import io.pbft.core.message.Message;
import io.pbft.core.validation.Sealer;
import io.pbft.core.validation.Verified;
import io.pbft.crypto.Principal;
import io.pbft.lab.scenario.Phrase;
import io.pbft.lab.scenario.Rule;
import java.util.ArrayList;
import java.util.List;

/**
 * An honest core behind rules. What the rules change is sealed anew, with the traitor's own key;
 * what they leave alone leaves as the core made it.
 */
final class ScriptedReplica implements ReplicaCore {
  private final Stage stage;
  private final ReplicaCore honest;
  private final Principal self;
  private final Gang gang;
  private final List<Matcher> rules = new ArrayList<>();
  private final Sides sides;
  private Rewriter rewriter;
  private Overheard overheard;
  private long mutedUntil;

  ScriptedReplica(Stage stage, int id, ReplicaCore honest, Gang gang, List<Rule> rules) {
    this.stage = stage;
    this.honest = honest;
    this.self = Principal.replica(id);
    this.gang = gang;
    for (Rule rule : rules) {
      this.rules.add(new Matcher(rule, stage, stage.random("r" + id + "." + this.rules.size())));
    }
    this.sides = new Sides();
    gang.join(id);
    stage.rules().addAll(this.rules);
  }

  /** What the innermost core says, for those who watch what a traitor in Java makes of it. */
  void compareWith(Overheard core) {
    overheard = core;
  }

  /** The world stands: timed rules start. */
  void begin() {
    Sealer sealer = stage.hand().sealerOfReplica(self.id());
    rewriter = new Rewriter(stage, self, gang, sealer, sides);
    for (Matcher rule : rules) {
      Timed.start(stage, rule, () -> actAlone(rule.rule().action()));
    }
  }

  @Override
  public CoreStatus status() {
    return honest.status();
  }

  @Override
  public List<Effect> step(Event event) {
    if (rewriter == null) {
      return honest.step(event);
    }
    List<Effect> out = new ArrayList<>();
    if (event instanceof Event.Delivered delivered && !hears(delivered.message(), out)) {
      return out;
    }
    if (event instanceof Event.TimerFired fired && !lets(fired, out)) {
      return out;
    }
    for (Effect effect : List.copyOf(honest.step(event))) {
      rewrite(effect, out);
    }
    return out;
  }

  /** False when the message is to be ignored. */
  private boolean hears(Verified<?> verified, List<Effect> out) {
    Message message = verified.message();
    gang.heard(new Gang.Heard(verified.sender().id(), message, verified.envelope()));
    boolean taken = true;
    for (Matcher rule : rules) {
      if (rule.fits("receiving", message, verified.sender(), me(verified.sender()))
          != Matcher.Fit.NO) {
        Phrase action = rule.rule().action();
        if (action.head().equals("drop")) {
          taken = false;
          stage.listener().onIgnored(stage.hand().nowMicros(), verified.sender(), self, message);
        } else {
          emit(sideAction(action, message, verified.sender()), out);
        }
      }
    }
    return taken;
  }

  /** False when the timer is to be ignored. */
  private boolean lets(Event.TimerFired fired, List<Effect> out) {
    boolean taken = true;
    for (Matcher rule : rules) {
      if (rule.fitsTimer(fired.kind().name().replace('_', '-')) != Matcher.Fit.NO) {
        if (rule.rule().action().head().equals("drop")) {
          taken = false;
        } else {
          emit(sideAction(rule.rule().action(), null, null), out);
        }
      }
    }
    return taken;
  }

  private void rewrite(Effect effect, List<Effect> out) {
    if (effect instanceof Effect.Broadcast b) {
      for (int to = 0; to < stage.config().n(); to++) {
        if (to != self.id()) {
          write(Draft.to(Principal.replica(to), b.message(), b.sealed()), out);
        }
      }
    } else if (effect instanceof Effect.Send s) {
      write(Draft.to(Principal.replica(s.to()), s.message(), s.sealed()), out);
    } else if (effect instanceof Effect.Answer a) {
      write(Draft.of(a), out);
    } else if (Donor.makes(effect)) {
      Donor.rewrite(effect, self.id(), out, draft -> write(draft, out), this::concernsDonor);
    } else {
      out.add(effect);
      if (effect instanceof Effect.Observe o) {
        notice(Notice.of(o.observation()), out);
      }
    }
  }

  /** Whether some rule is about what a donor sends. */
  private boolean concernsDonor(Message message) {
    return isMuted()
        || rules.stream()
            .anyMatch(
                r -> {
                  Phrase trigger = r.rule().trigger();
                  return r.waitsFor("sending")
                      && trigger.word("type").equals(message.type().name().replace('_', '-'));
                });
  }

  private void notice(Notice notice, List<Effect> out) {
    for (Matcher rule : rules) {
      if (notice != null && rule.fitsNotice(notice, self.id(), me(null)) != Matcher.Fit.NO) {
        emit(sideAction(rule.rule().action(), null, null), out);
      }
    }
  }

  /** Lets the rules have the draft, one after the other, and what is left leave. */
  private void write(Draft draft, List<Effect> out) {
    List<Draft> drafts = List.of(draft);
    String action = "";
    for (Matcher rule : rules) {
      List<Draft> next = new ArrayList<>();
      for (Draft each : drafts) {
        Matcher.Fit fit = rule.fits("sending", each.message(), each.to(), me(null));
        if (fit == Matcher.Fit.NO) {
          next.add(each);
        } else if (Rewriter.changes(rule.rule().action())) {
          next.addAll(rewriter.apply(each, rule.rule().action()));
          action = rule.rule().action().toString();
        } else {
          next.add(each);
          if (fit == Matcher.Fit.FIRST) {
            next.addAll(sideAction(rule.rule().action(), each.message(), each.to()));
          }
        }
      }
      drafts = next;
    }
    tell(draft, drafts, action);
    gang.sent(draft);
    emit(drafts, out);
  }

  /** Those who watch hear of every difference from what the core wanted said. */
  private void tell(Draft honest, List<Draft> said, String action) {
    PlayListener listener = stage.listener();
    long now = stage.hand().nowMicros();
    overheard.tell(listener, now, self, honest);
    if (isMuted() || said.isEmpty()) {
      String why = isMuted() ? "mute" : action;
      listener.onWithheld(now, self, honest.to(), honest.message(), why);
      return;
    }
    for (Draft each : said) {
      if (!action.isEmpty()) {
        listener.onLie(now, self, each.to(), honest.message(), each.message(), action);
      }
    }
  }

  private void emit(List<Draft> drafts, List<Effect> out) {
    for (Draft draft : drafts) {
      if (isMuted()) {
        continue;
      }
      gang.learn(draft.message());
      if (draft.isPlain()) {
        out.add(draft.effect());
      } else {
        rewriter.leave(draft);
      }
    }
  }

  private boolean isMuted() {
    return stage.hand().nowMicros() < mutedUntil;
  }

  private Stage.Self me(Principal sender) {
    return new Stage.Self(self, honest.status().view(), sender);
  }

  /** What an action does besides changing a message; returns what is to be sent in addition. */
  private List<Draft> sideAction(Phrase action, Message message, Principal peer) {
    List<Draft> made = rewriter.side(action, message, me(peer), honest.status());
    long now = stage.hand().nowMicros();
    for (Draft each : isMuted() ? List.<Draft>of() : made) {
      stage.listener().onLie(now, self, each.to(), null, each.message(), action.toString());
    }
    return made;
  }

  private void actAlone(Phrase action) {
    for (Draft draft : sideAction(action, null, null)) {
      boolean acts = stage.isTraitor(self.id()) && !stage.world().replica(self.id()).isStopped();
      if (!isMuted() && acts) {
        rewriter.leave(draft);
      }
    }
  }

  /** What side actions do to this replica. */
  final class Sides {
    void mute(long micros) {
      mutedUntil = micros;
    }

    void crash(long micros) {
      stage.hand().after(0, () -> stage.world().crash(self.id()));
      if (micros > 0) {
        stage.hand().after(micros, () -> stage.restartTraitor(self.id()));
      }
    }
  }
}
