package io.pbft.lab.sim;

import io.pbft.core.CoreStatus;
import io.pbft.core.Effect;
import io.pbft.core.Event;
import io.pbft.core.Observation;
import io.pbft.core.ReplicaCore;
import io.pbft.core.TimerKind;
import io.pbft.core.message.Message;
import io.pbft.core.message.ReplicaMessage;
import io.pbft.core.message.Request;
import io.pbft.core.spi.LogRecord;
import io.pbft.core.spi.Recovered;
import io.pbft.core.spi.StateMachine;
import io.pbft.core.validation.Admission;
import io.pbft.core.validation.Gatekeeper;
import io.pbft.core.validation.Sealer;
import io.pbft.crypto.Principal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A production core with the world around it replaced by virtual time. */
public final class SimReplica implements Node {
  private final Simulation world;
  private final Principal self;
  private final ReplicaCore core;
  private final Gatekeeper gatekeeper;
  private final Sealer sealer;
  private final ApplicationHost application;
  private final ArrayDeque<Event> inbox = new ArrayDeque<>();
  private final Map<TimerKind, Long> timers = new EnumMap<>(TimerKind.class);
  private final List<LogRecord> journal = new ArrayList<>();
  private boolean stopped;

  SimReplica(
      Simulation world,
      int id,
      ReplicaCore core,
      Gatekeeper gatekeeper,
      Sealer sealer,
      StateMachine machine) {
    this.world = world;
    this.self = Principal.replica(id);
    this.core = core;
    this.gatekeeper = gatekeeper;
    this.sealer = sealer;
    this.application = new ApplicationHost(new Outlet(), machine);
  }

  @Override
  public Principal principal() {
    return self;
  }

  public int id() {
    return self.id();
  }

  public CoreStatus status() {
    return core.status();
  }

  public StateMachine machine() {
    return application.machine();
  }

  public boolean isStopped() {
    return stopped;
  }

  void start(Recovered recovered) {
    post(new Event.Started(now(), recovered));
  }

  /** What a later life finds: every record that was persisted, and the newest snapshot. */
  Recovered remains() {
    return application.remains(journal);
  }

  /** Takes over the disk of an earlier life. */
  void inherit(SimReplica earlier) {
    journal.addAll(earlier.journal);
    application.inherit(earlier.application);
  }

  /** As SIGKILL: nothing more comes from it. */
  void stop() {
    stopped = true;
  }

  private long now() {
    return world.nowMillis();
  }

  @Override
  public void receive(Principal from, byte[] payload) {
    if (stopped) {
      return;
    }
    Admission admission = gatekeeper.admit(from, payload);
    if (admission instanceof Admission.Admitted admitted) {
      post(new Event.Delivered(now(), admitted.message()));
    } else if (admission instanceof Admission.Refused refused) {
      int sender = from.kind() == Principal.Kind.REPLICA ? from.id() : -1;
      world.observe(this, new Observation.Refused(refused.reason(), refused.type(), sender));
    }
  }

  private void post(Event event) {
    inbox.add(event);
    while (!inbox.isEmpty() && !stopped) {
      for (Effect effect : List.copyOf(core.step(inbox.remove()))) {
        perform(effect);
      }
      world.check();
    }
  }

  private void perform(Effect effect) {
    if (effect instanceof Effect.Send e) {
      byte[] payload =
          e.sealed() == null ? sealer.payload(e.message()) : sealer.payload(e.sealed());
      send(Principal.replica(e.to()), e.message(), payload);
    } else if (effect instanceof Effect.Broadcast e) {
      byte[] payload =
          e.sealed() == null ? sealer.payload(e.message()) : sealer.payload(e.sealed());
      for (int i = 0; i < world.config().n(); i++) {
        if (i != id()) {
          send(Principal.replica(i), e.message(), payload);
        }
      }
    } else if (effect instanceof Effect.Answer e) {
      world.toClient(self, e.client(), e.session(), sealer.payload(e.message()));
    } else if (effect instanceof Effect.Persist e) {
      journal.add(e.record());
    } else if (effect instanceof Effect.Observe e) {
      world.observe(this, e.observation());
    } else if (effect instanceof Effect.Arm e) {
      arm(e);
    } else if (effect instanceof Effect.Cancel e) {
      timers.remove(e.kind());
    } else {
      application.perform(effect);
    }
  }

  private void send(Principal to, Message message, byte[] payload) {
    world.onSend(self, to, message);
    world.network().send(self, to, payload);
  }

  private void arm(Effect.Arm e) {
    timers.put(e.kind(), e.generation());
    world
        .queue()
        .in(
            e.delayMillis() * 1000,
            () -> {
              Long current = timers.get(e.kind());
              if (!stopped && current != null && current == e.generation()) {
                timers.remove(e.kind());
                post(new Event.TimerFired(now(), e.kind(), e.generation()));
              }
            });
  }

  /** What the application needs of this driver. */
  private final class Outlet implements ApplicationHost.Driver {
    @Override
    public int id() {
      return self.id();
    }

    @Override
    public long nowMillis() {
      return now();
    }

    @Override
    public void post(Event event) {
      inbox.add(event);
    }

    @Override
    public void send(int to, ReplicaMessage message) {
      SimReplica.this.send(Principal.replica(to), message, sealer.payload(message));
    }

    @Override
    public void answer(int client, long session, ReplicaMessage message) {
      world.toClient(self, client, session, sealer.payload(message));
    }

    @Override
    public void onExecute(long sequence, Request request) {
      world.onExecute(SimReplica.this, sequence, request);
    }

    @Override
    public void onInstalled(long sequence) {
      world.onInstalled(SimReplica.this, sequence);
    }
  }
}
