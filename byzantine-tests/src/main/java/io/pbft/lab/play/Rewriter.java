package io.pbft.lab.play;

import io.pbft.core.CoreStatus;
import io.pbft.core.message.Envelope;
import io.pbft.core.message.Message;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.ReplicaMessage;
import io.pbft.core.message.RequestMessage;
import io.pbft.core.validation.Sealer;
import io.pbft.crypto.Principal;
import io.pbft.lab.scenario.Phrase;
import io.pbft.lab.scenario.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Carries out a traitor replica's actions. */
final class Rewriter {
  /** Actions that take the message's place; all others happen beside it. */
  private static final Set<String> CHANGES =
      Set.of(
          "drop",
          "delay",
          "duplicate",
          "hold",
          "redirect",
          "spoof",
          "outsider",
          "corrupt",
          "forge",
          "censor",
          "add-prepared",
          "add-pre-prepared",
          "omit-prepared",
          "omit-pre-prepared",
          "age-prepared",
          "add-checkpoint",
          "stuff",
          "omit-checkpoints",
          "omit-choice",
          "add-choice",
          "swap-choice",
          "thin-support",
          "twice-support",
          "foreign-support",
          "stale-support");

  private static final int DEFAULT_COPIES = 2;
  private static final Span FOR_EVER = Span.seconds(1_000_000);

  private final Stage stage;
  private final Principal self;
  private final Gang gang;
  private final Sealer sealer;
  private final Sealer foreign;
  private final ScriptedReplica.Sides sides;
  private final SplittableRandom random;
  private final Forger forger;
  private final ViewChangeForger viewChanges;
  private final Maker maker;
  private final Requests requests;
  private final List<Draft> held = new ArrayList<>();

  Rewriter(Stage stage, Principal self, Gang gang, Sealer sealer, ScriptedReplica.Sides sides) {
    this.stage = stage;
    this.self = self;
    this.gang = gang;
    this.sealer = sealer;
    this.foreign = stage.hand().foreignSealerOfReplica(self.id());
    this.sides = sides;
    this.random = stage.random("rewriter " + self);
    BatchForger batches = new BatchForger(gang, sealer);
    this.forger = new Forger(gang, batches, random);
    this.viewChanges = new ViewChangeForger(gang, forger, stage.config());
    this.maker = new Maker(stage, self.id(), gang, forger, batches);
    this.requests = new Requests(stage, self, sealer);
  }

  /** Whether the action needs a message that is about to leave. */
  static boolean changes(Phrase action) {
    return CHANGES.contains(action.head());
  }

  /** What leaves instead of the draft. */
  List<Draft> apply(Draft draft, Phrase action) {
    return switch (action.head()) {
      case "drop" -> List.of();
      case "delay" -> List.of(draft.later(micros(action, "time")));
      case "duplicate" -> copies(draft, action.number("times", DEFAULT_COPIES));
      case "hold" -> {
        held.add(draft);
        yield List.of();
      }
      case "redirect" -> redirected(draft, action);
      case "spoof" -> spoofed(draft, stage.replicas(action.actors("as"), me()));
      case "outsider" -> spoofed(draft, List.of(stage.config().n() + random.nextInt(3)));
      case "corrupt" -> List.of(corrupted(draft, action.word("part")));
      case "censor" -> List.of(censored(draft, action));
      case "forge" -> List.of(draft.saying(forger.forge(draft.message(), action)));
      default -> List.of(draft.saying(viewChanges.forge(draft.message(), action)));
    };
  }

  private Draft corrupted(Draft draft, String part) {
    return part.equals("cluster")
        ? Damage.foreign(draft, seal(draft), foreign.seal(draft.message()))
        : Damage.corrupt(draft, part, seal(draft));
  }

  private Stage.Self me() {
    return new Stage.Self(self, stage.chronicle().highestView(), null);
  }

  private long micros(Phrase action, String name) {
    return action.span(name, FOR_EVER).toMicros(stage.config());
  }

  private static List<Draft> copies(Draft draft, long times) {
    List<Draft> copies = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      copies.add(draft);
    }
    return copies;
  }

  private List<Draft> redirected(Draft draft, Phrase action) {
    return stage.resolve(action.actors("to"), me()).stream()
        .filter(to -> !to.equals(self))
        .map(draft::towards)
        .toList();
  }

  /** Claims other authors inside; the seal is still the traitor's own. */
  private List<Draft> spoofed(Draft draft, List<Integer> authors) {
    List<Draft> drafts = new ArrayList<>();
    for (int author : authors) {
      Message other = Damage.by(draft.message(), author, stage.hand().codec());
      if (other != null) {
        drafts.add(draft.saying(other));
      }
    }
    return drafts;
  }

  private static Draft censored(Draft draft, Phrase action) {
    return draft.saying(Censor.without(draft.message(), action));
  }

  private Envelope seal(Draft draft) {
    if (draft.envelope() != null) {
      return draft.envelope();
    }
    return sealer.seal(draft.message());
  }

  /** Sends a draft over the link, outside of the core's effects. */
  void leave(Draft draft) {
    byte[] payload = stage.hand().codec().payload(seal(draft));
    stage.hand().after(draft.delayMicros(), () -> go(draft, payload));
  }

  private void go(Draft draft, byte[] payload) {
    if (draft.badMac()) {
      long now = stage.hand().nowMicros();
      stage.listener().onSend(now, self, draft.to(), draft.message(), payload);
      stage.listener().onArrived(now, self, draft.to(), payload);
      Links.Frame frame = stage.links().frame(self, draft.to(), payload);
      stage.links().arrive(self, draft.to(), Links.flip(frame, payload.length * 8));
    } else {
      stage.hand().send(self, draft.to(), draft.message(), payload);
    }
  }

  /**
   * What happens beside a message.
   *
   * @param message that set the rule off, or null
   * @return what to send in addition
   */
  List<Draft> side(Phrase action, Message message, Stage.Self me, CoreStatus now) {
    switch (action.head()) {
      case "release" -> {
        List<Draft> released = List.copyOf(held);
        held.clear();
        return released;
      }
      case "replay" -> {
        return replayed(action, me);
      }
      case "reflect" -> {
        return message == null ? List.of() : reflected(message, action, me);
      }
      case "send" -> {
        return made(action, me, now);
      }
      case "request" -> {
        return asked(action, me);
      }
      case "mute" -> sides.mute(stage.hand().nowMicros() + micros(action, "for"));
      case "unmute" -> sides.mute(0);
      case "crash" -> sides.crash(action.has("for") ? micros(action, "for") : 0);
      default -> throw new IllegalStateException("no side action " + action);
    }
    return List.of();
  }

  private List<Draft> replayed(Phrase action, Stage.Self me) {
    List<Draft> drafts = new ArrayList<>();
    MessageType type = MessageType.valueOf(action.word("type").replace('-', '_'));
    for (Draft old : Gang.pick(gang.sent(type), action.word("pick", "oldest"), random)) {
      for (Draft copy : copies(old, action.number("times", 1))) {
        if (action.has("to")) {
          receivers(action, me).forEach(to -> drafts.add(copy.towards(to)));
        } else {
          drafts.add(copy);
        }
      }
    }
    return drafts;
  }

  private List<Principal> receivers(Phrase action, Stage.Self me) {
    return stage.resolve(action.actors("to"), me).stream().filter(to -> !to.equals(self)).toList();
  }

  /** What another said, sent as it is or under the traitor's own name. */
  private List<Draft> reflected(Message message, Phrase action, Stage.Self me) {
    if (!(message instanceof ReplicaMessage)) {
      return List.of();
    }
    Message said =
        action.has("relabelled") ? Damage.by(message, self.id(), stage.hand().codec()) : message;
    List<Draft> drafts = new ArrayList<>();
    for (Principal to : stage.resolve(action.actors("to", "sender"), me)) {
      if (!to.equals(self)) {
        drafts.add(Draft.to(to, said, null));
      }
    }
    return drafts;
  }

  private List<Draft> made(Phrase action, Stage.Self me, CoreStatus now) {
    List<Draft> drafts = new ArrayList<>();
    for (int i = 0; i < action.number("times", 1); i++) {
      Message message = maker.make(action, now);
      if (message != null) {
        receivers(action, me).forEach(to -> drafts.add(Draft.to(to, message, null)));
      }
    }
    return drafts;
  }

  /** A request in a client's name, as if the client had sent it here. */
  private List<Draft> asked(Phrase action, Stage.Self me) {
    List<Draft> drafts = new ArrayList<>();
    for (RequestMessage message : requests.make(action)) {
      receivers(action, me).forEach(to -> drafts.add(Draft.to(to, message, null)));
    }
    return drafts;
  }
}
