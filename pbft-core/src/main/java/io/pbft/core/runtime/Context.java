package io.pbft.core.runtime;

import io.pbft.core.Effect;
import io.pbft.core.Observation;
import io.pbft.core.ProtocolConfig;
import io.pbft.core.Quorums;
import io.pbft.core.TimerKind;
import io.pbft.core.message.Envelope;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.Reason;
import io.pbft.core.message.ReplicaMessage;
import io.pbft.core.spi.LogRecord;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The part of a replica's state that all its components read, and where they leave their effects.
 */
public final class Context {
  private final int id;
  private final ProtocolConfig config;
  private final Quorums quorums;
  private final Function<ReplicaMessage, Envelope> signer;
  private final Defences defences;
  private final Map<TimerKind, Long> armed = new EnumMap<>(TimerKind.class);
  private List<Effect> effects = new ArrayList<>();
  private long generation;
  private long now;
  private long view;
  private boolean active = true;
  private long viewEnteredAt;
  private boolean voting = true;

  /**
   * @param signer seals messages that are signed in every mode; a pure function
   */
  public Context(
      int id, ProtocolConfig config, Function<ReplicaMessage, Envelope> signer, Defences defences) {
    this.id = id;
    this.config = config;
    this.quorums = defences.quorums(config.quorums());
    this.signer = signer;
    this.defences = defences;
  }

  public int id() {
    return id;
  }

  public ProtocolConfig config() {
    return config;
  }

  public Quorums quorums() {
    return quorums;
  }

  /** Starts a step: the clock never runs backwards. */
  public void begin(long at) {
    now = Math.max(now, at);
    effects = new ArrayList<>();
  }

  /** The effects since {@link #begin}. */
  public List<Effect> effects() {
    return effects;
  }

  public long now() {
    return now;
  }

  /** The view this replica is in, or, while not {@link #active}, the one it asks for. */
  public long view() {
    return view;
  }

  /**
   * False between leaving a view and entering another: nothing of the normal case is taken part in.
   */
  public boolean active() {
    return active;
  }

  public boolean isPrimary() {
    return quorums.primary(view) == id;
  }

  public int primary() {
    return quorums.primary(view);
  }

  public long viewEnteredAt() {
    return viewEnteredAt;
  }

  /** False while a replica that forgot its earlier votes must not cast any. */
  public boolean voting() {
    return voting;
  }

  public void setVoting(boolean voting) {
    this.voting = voting;
  }

  public void leaveViewFor(long next) {
    view = next;
    active = false;
  }

  public void enterView(long entered) {
    view = entered;
    active = true;
    viewEnteredAt = now;
    observe(new Observation.ViewEntered(entered, quorums.primary(entered)));
  }

  /** Takes up a view after a restart. */
  public void restoreView(long restored, boolean isActive) {
    view = restored;
    active = isActive;
    viewEnteredAt = now;
  }

  public void emit(Effect effect) {
    effects.add(effect);
  }

  public void observe(Observation observation) {
    effects.add(new Effect.Observe(observation));
  }

  /** Whether what deserves the reason is refused; see {@link Defences}. */
  public boolean refuses(Reason reason) {
    return defences.refuses(reason);
  }

  /** Whether the rule is kept; see {@link Defences}. */
  public boolean keeps(Defences.Rule rule) {
    return defences.keeps(rule);
  }

  public void refuse(Reason reason, MessageType type, int sender) {
    observe(new Observation.Refused(reason, type, sender));
  }

  public void defer(Reason reason, MessageType type, int sender) {
    observe(new Observation.Deferred(reason, type, sender));
  }

  public void persist(LogRecord fact) {
    if (defences.persists(fact)) {
      effects.add(new Effect.Persist(fact));
    }
  }

  public void send(int to, ReplicaMessage message) {
    effects.add(new Effect.Send(to, message));
  }

  public void broadcast(ReplicaMessage message) {
    effects.add(new Effect.Broadcast(message));
  }

  public Envelope sign(ReplicaMessage message) {
    return signer.apply(message);
  }

  public void arm(TimerKind kind, long delayMillis) {
    if (!defences.arms(kind)) {
      return;
    }
    generation++;
    armed.put(kind, generation);
    effects.add(new Effect.Arm(kind, generation, Math.max(1, delayMillis)));
  }

  public void cancel(TimerKind kind) {
    if (armed.remove(kind) != null) {
      effects.add(new Effect.Cancel(kind));
    }
  }

  public boolean isArmed(TimerKind kind) {
    return armed.containsKey(kind);
  }

  /** Takes a fired timer off; false when it is stale and must be ignored. */
  public boolean takeFired(TimerKind kind, long fired) {
    Long current = armed.get(kind);
    if (current == null || current != fired) {
      return false;
    }
    armed.remove(kind);
    return true;
  }
}
