package io.pbft.lab.trace;

import io.pbft.core.CoreStatus;
import io.pbft.core.Effect;
import io.pbft.core.Event;
import io.pbft.core.Observation;
import io.pbft.core.ReplicaCore;
import io.pbft.core.TimerKind;
import io.pbft.core.message.Envelope;
import io.pbft.core.message.Message;
import io.pbft.core.message.ReplicaMessage;
import io.pbft.core.message.Request;
import io.pbft.core.message.Result;
import io.pbft.core.spi.ExecutionContext;
import io.pbft.core.spi.LogRecord;
import io.pbft.core.spi.Recovered;
import io.pbft.core.validation.Admission;
import io.pbft.core.validation.Gatekeeper;
import io.pbft.core.validation.Sealer;
import io.pbft.crypto.Principal;
import io.pbft.lab.sim.ApplicationHost;
import io.pbft.lab.sim.RegisterMachine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A production core of which everything is told, and which does nothing unless told to. */
final class TracedReplica {
  /** An armed timer. */
  record Armed(long generation, long deadline) {}

  private final Cluster cluster;
  private final int id;
  private final ReplicaCore core;
  private final Gatekeeper gatekeeper;
  private final Sealer sealer;
  private final ApplicationHost application;
  private final Narrator narrator;
  private final List<LogRecord> journal = new ArrayList<>();
  private SlotHistory history = new SlotHistory();
  private final ArrayDeque<Event> inbox = new ArrayDeque<>();
  private final Map<TimerKind, Armed> timers = new EnumMap<>(TimerKind.class);
  private final Map<TimerKind, Armed> replaced = new EnumMap<>(TimerKind.class);
  private boolean crashed;

  TracedReplica(Cluster cluster, int id, ReplicaCore core, Gatekeeper gatekeeper, Sealer sealer) {
    this.cluster = cluster;
    this.id = id;
    this.core = core;
    this.gatekeeper = gatekeeper;
    this.sealer = sealer;
    this.application = new ApplicationHost(new Outlet(), new RegisterMachine());
    this.narrator = new Narrator(cluster, id);
  }

  String name() {
    return "r" + id;
  }

  CoreStatus status() {
    return core.status();
  }

  RegisterMachine machine() {
    return (RegisterMachine) application.machine();
  }

  SlotHistory history() {
    return history;
  }

  Map<TimerKind, Armed> timers() {
    return timers;
  }

  boolean isCrashed() {
    return crashed;
  }

  void crash() {
    crashed = true;
    timers.clear();
  }

  /** What a later life finds on the disk. */
  Recovered remains() {
    return application.remains(journal);
  }

  /** Takes over the disk of an earlier life. */
  void inherit(TracedReplica earlier) {
    journal.addAll(earlier.journal);
    application.inherit(earlier.application);
    history = earlier.history;
  }

  void start(Recovered recovered) {
    post(new Event.Started(cluster.nowMillis(), recovered));
  }

  /** Payload bytes arrive over the link from {@code peer}. */
  void receive(Principal peer, byte[] payload) {
    Admission admission = gatekeeper.admit(peer, payload);
    if (admission instanceof Admission.Admitted admitted) {
      post(new Event.Delivered(cluster.nowMillis(), admitted.message()));
    } else if (admission instanceof Admission.Refused refused) {
      int sender = peer.kind() == Principal.Kind.REPLICA ? peer.id() : -1;
      narrator.observed(new Observation.Refused(refused.reason(), refused.type(), sender));
    }
  }

  /** Fires the armed timer; its time has come by then. */
  void fire(TimerKind kind) {
    Armed armed = timers.remove(kind);
    if (armed == null) {
      throw new TraceException(kind + " is not armed at " + name());
    }
    replaced.put(kind, armed);
    post(new Event.TimerFired(cluster.nowMillis(), kind, armed.generation()));
  }

  /** Fires the generation before the armed one, as a driver that lost a race would. */
  void fireStale(TimerKind kind) {
    Armed stale = replaced.get(kind);
    if (stale == null) {
      throw new TraceException("no earlier " + kind + " timer at " + name());
    }
    post(new Event.TimerFired(cluster.nowMillis(), kind, stale.generation()));
  }

  private void post(Event event) {
    inbox.add(event);
    while (!inbox.isEmpty() && !crashed) {
      for (Effect effect : List.copyOf(core.step(inbox.remove()))) {
        perform(effect);
      }
    }
  }

  private void perform(Effect effect) {
    if (effect instanceof Effect.Send e) {
      send(List.of(e.to()), e.message(), e.sealed());
    } else if (effect instanceof Effect.Broadcast e) {
      send(cluster.others(id), e.message(), e.sealed());
    } else if (effect instanceof Effect.Answer e) {
      answer(e.message());
    } else if (effect instanceof Effect.Observe e) {
      history.observed(e.observation());
      narrator.observed(e.observation());
    } else if (effect instanceof Effect.Persist e) {
      journal.add(e.record());
      history.persisted(e.record());
      narrator.persisted(e.record());
    } else if (effect instanceof Effect.Arm e) {
      arm(e);
    } else if (effect instanceof Effect.Cancel e) {
      putAside(e.kind());
      narrator.cancelled(e.kind());
    } else if (!application.perform(effect)) {
      throw new IllegalStateException("nobody carries out " + effect);
    }
  }

  private void arm(Effect.Arm e) {
    putAside(e.kind());
    timers.put(e.kind(), new Armed(e.generation(), cluster.millis() + e.delayMillis()));
    narrator.armed(e);
  }

  private void putAside(TimerKind kind) {
    Armed earlier = timers.remove(kind);
    if (earlier != null) {
      replaced.put(kind, earlier);
    }
  }

  private void send(List<Integer> to, Message message, Envelope sealed) {
    Envelope envelope = sealed == null ? sealer.seal(message) : sealed;
    String description = cluster.describer().message(message, envelope.digest());
    narrator.sent(to, description);
    for (int receiver : to) {
      cluster.send(new Flight(id, receiver, message, description, sealer.payload(envelope)));
    }
  }

  private void answer(ReplicaMessage message) {
    narrator.answered(message);
    cluster.replies().onReply(message);
  }

  /** What the application needs of this driver. */
  private final class Outlet implements ApplicationHost.Driver {
    @Override
    public int id() {
      return id;
    }

    @Override
    public long nowMillis() {
      return cluster.nowMillis();
    }

    @Override
    public void post(Event event) {
      inbox.add(event);
    }

    @Override
    public void send(int to, ReplicaMessage message) {
      TracedReplica.this.send(List.of(to), message, null);
    }

    @Override
    public void answer(int client, long session, ReplicaMessage message) {
      TracedReplica.this.answer(message);
    }

    @Override
    public void onExecuted(ExecutionContext context, int index, Request request, Result result) {
      history.executed(request);
    }

    @Override
    public void onInstalled(long sequence) {
      history.installed(sequence);
      narrator.installed(sequence);
    }
  }
}
