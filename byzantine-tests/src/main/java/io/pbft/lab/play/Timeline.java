package io.pbft.lab.play;

import io.pbft.core.TimerKind;
import io.pbft.core.message.Message;
import io.pbft.core.message.MessageType;
import io.pbft.crypto.Principal;
import io.pbft.lab.scenario.Phrase;
import io.pbft.lab.scenario.Rule;
import io.pbft.lab.sim.RunListener;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** What befalls network and replicas, and when. */
final class Timeline implements Chronicle.Watcher {
  private static final Set<String> DELAYING = Set.of("slow", "clog", "narrow", "tie");

  private static final long MAX_QUEUE_MICROS = 1_000_000;

  private final Stage stage;
  private final SplittableRandom random;
  private final Machines machines;
  private final List<Matcher> rules = new ArrayList<>();
  private final List<Fault> faults = new ArrayList<>();
  private long lastFaultMicros;
  private boolean openEnded;

  /** A network fault that is at work. */
  private record Fault(
      Phrase phrase,
      List<Principal> who,
      List<Principal> to,
      List<Held> held,
      Map<List<Principal>, Long> busyUntil,
      Map<Integer, Integer> fired) {}

  private record Held(Principal from, Principal to, byte[] payload) {}

  Timeline(Stage stage, List<Rule> incidents) {
    this.stage = stage;
    this.random = stage.random("timeline");
    this.machines = new Machines(stage, this);
    for (Rule rule : incidents) {
      Matcher matcher = new Matcher(rule, stage, random);
      rules.add(matcher);
      stage.rules().add(matcher);
      Timed.start(stage, matcher, () -> begin(rule.action()));
    }
    stage.chronicle().watch(this);
    stage.world().network().tamper(this::takes);
    stage.world().listener(new Ties());
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
      if (rule.fitsNotice(new Notice(what, slot, view), replica, nobody()) == Matcher.Fit.FIRST) {
        begin(rule.rule().action());
      }
    }
  }

  private Stage.Self self(Principal who) {
    return new Stage.Self(who, stage.chronicle().highestView(), null);
  }

  private Stage.Self nobody() {
    return self(Principal.client(0));
  }

  private void begin(Phrase incident) {
    stage.listener().onIncident(stage.hand().nowMicros(), incident.toString());
    Stage.Self nobody = nobody();
    if (incident.head().equals("heal")) {
      List.copyOf(faults).forEach(this::end);
      return;
    }
    List<Principal> who = resolve(incident, "who", resolve(incident, "from", null, nobody), nobody);
    if (machines.befall(incident, who)) {
      return;
    }
    Fault fault =
        new Fault(
            incident,
            who,
            resolve(incident, "to", null, nobody),
            new ArrayList<>(),
            new HashMap<>(),
            new HashMap<>());
    faults.add(fault);
    if (incident.head().equals("divide")) {
      stage.world().network().partition(blocks(who));
    }
    if (incident.has("for")) {
      stage.hand().after(micros(incident, "for"), () -> end(fault));
    } else if (!incident.head().equals("narrow")) {
      openEnded = true; // A narrow link is no excuse: it still carries everything.
    }
  }

  void noteFault() {
    lastFaultMicros = stage.hand().nowMicros();
  }

  /** What was begun is over. */
  void over(Phrase incident) {
    noteFault();
    stage.listener().onIncidentOver(lastFaultMicros, incident.toString());
  }

  /** The named ones and the second copy of a twin in one block, all others in the other. */
  private int[] blocks(List<Principal> who) {
    int[] blocks = new int[stage.config().n() + 1];
    blocks[stage.config().n()] = 1;
    who.forEach(replica -> blocks[replica.id()] = 1);
    return blocks;
  }

  private List<Principal> resolve(
      Phrase incident, String name, List<Principal> otherwise, Stage.Self self) {
    return incident.has(name) ? stage.resolve(incident.actors(name), self) : otherwise;
  }

  long micros(Phrase incident, String name) {
    return incident.span(name).toMicros(stage.config());
  }

  private void end(Fault fault) {
    if (faults.remove(fault)) {
      over(fault.phrase());
      if (fault.phrase().head().equals("divide")) {
        stage.world().network().partition();
      }
      fault.held().forEach(h -> stage.hand().deliver(h.from(), h.to(), h.payload()));
    }
  }

  /** Looks at each payload before the network does. */
  private boolean takes(Principal from, Principal to, byte[] payload) {
    return takes(from, to, payload, false) || takes(from, to, payload, true);
  }

  /** What is cut off or lost is not also kept back: those that delay come last. */
  private boolean takes(Principal from, Principal to, byte[] payload, boolean late) {
    for (Fault fault : faults) {
      boolean isTurn = DELAYING.contains(fault.phrase().head()) == late;
      if (isTurn && concerns(fault, from, to, payload) && suffers(fault, from, to, payload)) {
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
      case "divide" -> {
        return false;
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
      case "tie" -> {
        fault.held().add(new Held(from, to, payload));
        return true;
      }
      case "narrow" -> {
        squeeze(fault, from, to, payload);
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

  /** One after the other; what finds the link's queue full is lost, as at a bounded outbox. */
  private void squeeze(Fault fault, Principal from, Principal to, byte[] payload) {
    long now = stage.hand().nowMicros();
    List<Principal> link = List.of(from, to);
    long free = Math.max(now, fault.busyUntil().getOrDefault(link, now));
    if (free - now <= MAX_QUEUE_MICROS) {
      long through = free + payload.length * 1_000_000L / fault.phrase().number("bytes", 1);
      fault.busyUntil().put(link, through);
      stage.hand().after(through - now, () -> stage.hand().deliver(from, to, payload));
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

  /**
   * Lets messages that {@code tie} holds back arrive at the instant at which their receiver's timer
   * runs out: just before it, while the timer is still due, or just after.
   */
  private final class Ties implements RunListener {
    private final Map<Integer, EnumMap<TimerKind, Long>> due = new HashMap<>();

    @Override
    public void onArmed(long atMicros, int replica, TimerKind kind, long delayMicros) {
      long deadline = atMicros + delayMicros;
      due.computeIfAbsent(replica, r -> new EnumMap<>(TimerKind.class)).put(kind, deadline);
      if (faults.stream().anyMatch(fault -> isTied(fault, "before", kind))) {
        // Scheduled before the timer's own event, so that it comes first.
        stage
            .hand()
            .after(
                delayMicros,
                () -> {
                  if (due.get(replica).getOrDefault(kind, -1L) == deadline) {
                    release("before", kind, replica);
                  }
                });
      }
    }

    @Override
    public void onCancelled(long atMicros, int replica, TimerKind kind) {
      due.getOrDefault(replica, new EnumMap<>(TimerKind.class)).remove(kind);
    }

    @Override
    public void onFired(long atMicros, int replica, TimerKind kind) {
      for (Fault fault : faults) {
        boolean holds = fault.held().stream().anyMatch(held -> isFor(held, replica));
        if (holds && (isTied(fault, "before", kind) || isTied(fault, "after", kind))) {
          fault.fired().merge(replica, 1, Integer::sum);
        }
      }
      stage.hand().after(0, () -> release("after", kind, replica));
    }

    private static boolean isFor(Held held, int replica) {
      return held.to().equals(Principal.replica(replica));
    }

    /** The timer runs out again and again: which time is meant. */
    private static boolean isTurn(Fault fault, String order, int replica) {
      long nth = fault.phrase().number("nth", 1) - (order.equals("before") ? 1 : 0);
      return fault.fired().getOrDefault(replica, 0) >= nth;
    }

    private boolean isTied(Fault fault, String order, TimerKind kind) {
      return fault.phrase().head().equals("tie")
          && kind.name().replace('_', '-').equals(fault.phrase().word(order));
    }

    private void release(String order, TimerKind kind, int replica) {
      for (Fault fault : faults) {
        if (isTied(fault, order, kind) && isTurn(fault, order, replica)) {
          List<Held> ripe = fault.held().stream().filter(held -> isFor(held, replica)).toList();
          fault.held().removeAll(ripe);
          ripe.forEach(held -> stage.hand().deliver(held.from(), held.to(), held.payload()));
        }
      }
    }
  }
}
