package io.pbft.lab.play;

import io.pbft.core.message.Message;
import io.pbft.core.message.MessageType;
import io.pbft.crypto.Principal;
import io.pbft.lab.scenario.Phrase;
import io.pbft.lab.scenario.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What befalls network and replicas, and when. */
final class Timeline implements Chronicle.Watcher {
  private final Stage stage;
  private final SplittableRandom random;
  private final List<Matcher> rules = new ArrayList<>();
  private final List<Fault> faults = new ArrayList<>();
  private long lastFaultMicros;
  private boolean openEnded;

  /** A network fault that is at work. */
  private record Fault(Phrase phrase, List<Principal> who, List<Principal> to, List<Held> held) {}

  private record Held(Principal from, Principal to, byte[] payload) {}

  Timeline(Stage stage, List<Rule> incidents) {
    this.stage = stage;
    this.random = stage.random("timeline");
    for (Rule rule : incidents) {
      Matcher matcher = new Matcher(rule, stage, random);
      rules.add(matcher);
      stage.rules().add(matcher);
      Timed.start(stage, matcher, () -> begin(rule.action()));
    }
    stage.chronicle().watch(this);
    stage.world().network().tamper(this::takes);
  }

  /** When the last fault ended, in microseconds since the start. */
  long lastFaultMicros() {
    return lastFaultMicros;
  }

  /** Whether some fault goes on to the end. */
  boolean isOpenEnded() {
    return openEnded && !faults.isEmpty();
  }

  @Override
  public void onSend(Principal from, Principal to, Message message) {
    for (Matcher rule : List.copyOf(rules)) {
      if (rule.fits("sending", message, to, self(from)) == Matcher.Fit.FIRST) {
        begin(rule.rule().action());
      }
    }
  }

  @Override
  public void onNotice(int replica, String what, long slot, long view) {
    for (Matcher rule : List.copyOf(rules)) {
      if (rule.fitsNotice(new Notice(what, slot, view)) == Matcher.Fit.FIRST) {
        begin(rule.rule().action());
      }
    }
  }

  private Stage.Self self(Principal who) {
    return new Stage.Self(who, stage.chronicle().highestView(), null);
  }

  private void begin(Phrase incident) {
    stage.listener().onIncident(stage.hand().nowMicros(), incident.toString());
    Stage.Self nobody = self(Principal.client(0));
    if (incident.head().equals("heal")) {
      List.copyOf(faults).forEach(this::end);
      return;
    }
    List<Principal> who = resolve(incident, "who", resolve(incident, "from", null, nobody), nobody);
    if (happensToReplicas(incident, who)) {
      return;
    }
    Fault fault =
        new Fault(incident, who, resolve(incident, "to", null, nobody), new ArrayList<>());
    faults.add(fault);
    if (incident.has("for")) {
      stage.hand().after(micros(incident, "for"), () -> end(fault));
    } else {
      openEnded = true;
    }
  }

  /** What befalls the replicas themselves; all else befalls the network. */
  private boolean happensToReplicas(Phrase incident, List<Principal> who) {
    switch (incident.head()) {
      case "crash" -> crash(incident, who);
      case "pause" -> {
        who.forEach(r -> stage.world().pause(r.id(), micros(incident, "for") / 1_000));
        stage.hand().after(micros(incident, "for"), this::noteFault);
      }
      case "jump" -> {
        who.forEach(r -> stage.world().clock(r.id()).jump(micros(incident, "by") / 1_000));
        noteFault();
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private void noteFault() {
    lastFaultMicros = stage.hand().nowMicros();
  }

  private List<Principal> resolve(
      Phrase incident, String name, List<Principal> otherwise, Stage.Self self) {
    return incident.has(name) ? stage.resolve(incident.actors(name), self) : otherwise;
  }

  private long micros(Phrase incident, String name) {
    return incident.span(name).toMicros(stage.config());
  }

  private void end(Fault fault) {
    if (faults.remove(fault)) {
      lastFaultMicros = stage.hand().nowMicros();
      stage.listener().onIncidentOver(lastFaultMicros, fault.phrase().toString());
      fault.held().forEach(h -> stage.hand().deliver(h.from(), h.to(), h.payload()));
    }
  }

  private void crash(Phrase incident, List<Principal> who) {
    for (Principal each : who) {
      stage.world().crash(each.id());
      stage.chronicle().down(each.id());
      if (incident.has("for")) {
        stage.hand().after(micros(incident, "for"), () -> restart(incident, each.id()));
      }
    }
  }

  private void restart(Phrase incident, int id) {
    stage.chronicle().up(id);
    lastFaultMicros = stage.hand().nowMicros();
    stage.listener().onIncidentOver(lastFaultMicros, incident.toString());
    if (incident.has("amnesiac")) {
      stage.world().restartWithoutMemory(id);
    } else {
      stage.world().restart(id);
    }
  }

  /** Looks at each payload before the network does. */
  private boolean takes(Principal from, Principal to, byte[] payload) {
    for (Fault fault : faults) {
      if (concerns(fault, from, to, payload) && suffers(fault, from, to, payload)) {
        return true;
      }
    }
    return false;
  }

  private static boolean concerns(Fault fault, Principal from, Principal to, byte[] payload) {
    Phrase phrase = fault.phrase();
    boolean among = from.kind() == Principal.Kind.REPLICA && to.kind() == Principal.Kind.REPLICA;
    switch (phrase.head()) {
      case "isolate", "flap" -> {
        return among && (fault.who().contains(from) || fault.who().contains(to));
      }
      case "partition" -> {
        return among && fault.who().contains(from) != fault.who().contains(to);
      }
      case "cut" -> {
        return fault.who().contains(from) && fault.to().contains(to);
      }
      default -> {
        MessageType type = Links.type(payload);
        String wanted = phrase.word("type", "anything");
        return (fault.who() == null || fault.who().contains(from))
            && (fault.to() == null || fault.to().contains(to))
            && (wanted.equals("anything")
                || (type != null && wanted.equals(type.name().replace('_', '-'))));
      }
    }
  }

  private boolean suffers(Fault fault, Principal from, Principal to, byte[] payload) {
    Phrase phrase = fault.phrase();
    switch (phrase.head()) {
      case "isolate", "partition", "cut" -> {
        return true;
      }
      case "flap" -> {
        return stage.hand().nowMicros() / Math.max(1, micros(phrase, "period")) % 2 == 0;
      }
      case "clog" -> {
        fault.held().add(new Held(from, to, payload));
        return true;
      }
      case "slow" -> {
        stage.hand().after(micros(phrase, "time"), () -> stage.hand().deliver(from, to, payload));
        return true;
      }
      default -> {
        return random.nextDouble() < phrase.share("share", 1)
            && happens(phrase.head(), from, to, payload);
      }
    }
  }

  private boolean happens(String head, Principal from, Principal to, byte[] payload) {
    switch (head) {
      case "repeat" -> {
        long later = random.nextLong(20_000);
        stage.hand().after(later, () -> stage.hand().deliver(from, to, payload));
        return false;
      }
      case "flip" -> {
        Links.Frame frame = stage.links().frame(from, to, payload);
        stage.links().arrive(from, to, Links.flip(frame, random.nextInt(1 << 20)));
        return true;
      }
      case "misdeliver" -> {
        Principal other = Principal.replica(random.nextInt(stage.config().n()));
        stage.links().arrive(from, other, stage.links().frame(from, to, payload));
        return true;
      }
      default -> {
        return true;
      }
    }
  }
}
