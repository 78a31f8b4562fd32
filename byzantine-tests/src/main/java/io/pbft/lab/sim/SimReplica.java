package io.pbft.lab.sim;

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
import io.pbft.core.replica.Replica;
import io.pbft.core.spi.ExecutionContext;
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

/** One life of a replica: a production core with the world around it replaced by virtual time. */
public final class SimReplica implements Node {
  private static final int KEPT_FOR_LAGGARDS = 2;

  /** What a life is made of. */
  record Parts(
      int id,
      int place,
      Replica honest,
      ReplicaCore core,
      Gatekeeper gatekeeper,
      Sealer sealer,
      StateMachine machine,
      SimMemory memory,
      SimClock clock) {}

  private final Simulation world;
  private final Principal self;
  private final int place;
  private final Replica honest;
  private final ReplicaCore core;
  private final Gatekeeper gatekeeper;
  private final Sealer sealer;
  private final SimMemory memory;
  private final SimClock clock;
  private final Mouth mouth = new Mouth();
  private final ArrayDeque<Event> inbox = new ArrayDeque<>();
  private final Map<TimerKind, Long> timers = new EnumMap<>(TimerKind.class);
  private final List<Runnable> asleep = new ArrayList<>();
  private final StateMachine machine;
  private ApplicationHost application;
  private boolean paused;
  private boolean stopped;
  private boolean stepping;

  SimReplica(Simulation world, Parts parts) {
    this.world = world;
    this.self = Principal.replica(parts.id());
    this.place = parts.place();
    this.honest = parts.honest();
    this.core = parts.core();
    this.gatekeeper = parts.gatekeeper();
    this.sealer = parts.sealer();
    this.memory = parts.memory();
    this.clock = parts.clock();
    this.machine = parts.machine();
  }

  @Override
  public Principal principal() {
    return self;
  }

  @Override
  public int place() {
    return place;
  }

  public int id() {
    return self.id();
  }

  int logSize() {
    return honest.logSize();
  }

  long logBytes() {
    return honest.logBytes();
  }

  public CoreStatus status() {
    return core.status();
  }

  public StateMachine machine() {
    return machine;
  }

  /** The sequence number that the machine's state is at. */
  public long stateAt() {
    return application == null ? 0 : application.executed();
  }

  /** Whether that has been executed tentatively, and may be taken back. */
  public boolean isTentative() {
    return world.reports().isTentative(id());
  }

  public boolean isStopped() {
    return stopped;
  }

  public boolean isPaused() {
    return paused;
  }

  /** Messages that wait for the disk before they may leave. */
  public int unsaid() {
    return mouth.size();
  }

  /** Begins with what the memory holds; false when it must not be started from. */
  boolean start(boolean forgetful) {
    Recovered found = memory.begin(new Disk());
    if (found == null) {
      return false;
    }
    Recovered recovered = forgetful ? Recovered.amnesiac() : found;
    long kept = (long) KEPT_FOR_LAGGARDS * world.config().checkpointInterval();
    application = new ApplicationHost(new Outlet(), machine, memory.snapshots(), kept);
    application.recover(recovered.snapshotSequence());
    world.reports().onStarted(this, recovered);
    post(new Event.Started(now(), recovered));
    return true;
  }

  /** As SIGKILL, or a power cut: nothing more comes from it. */
  void stop(boolean power) {
    stopped = true;
    memory.end(power);
  }

  /** Does nothing until {@link #resume}; what comes meanwhile waits. */
  void pause() {
    paused = true;
  }

  void resume() {
    paused = false;
    List<Runnable> missed = List.copyOf(asleep);
    asleep.clear();
    missed.forEach(Runnable::run);
  }

  private void whenAwake(Runnable action) {
    if (stopped) {
      return;
    }
    if (paused) {
      asleep.add(() -> whenAwake(action));
    } else {
      action.run();
    }
  }

  private long now() {
    return clock.nowMillis();
  }

  @Override
  public void receive(Principal from, byte[] payload) {
    whenAwake(() -> admit(from, payload));
  }

  private void admit(Principal from, byte[] payload) {
    world.reports().onArrived(from, self, payload);
    Admission admission = gatekeeper.admit(from, payload);
    if (admission instanceof Admission.Admitted admitted) {
      world.reports().onAdmitted(this, admitted.message());
      post(new Event.Delivered(now(), admitted.message()));
    } else if (admission instanceof Admission.Refused refused) {
      int sender = from.kind() == Principal.Kind.REPLICA ? from.id() : -1;
      world
          .reports()
          .observe(this, new Observation.Refused(refused.reason(), refused.type(), sender));
    }
  }

  private void post(Event event) {
    inbox.add(event);
    drain();
  }

  private void drain() {
    if (stepping) {
      return;
    }
    stepping = true;
    while (!inbox.isEmpty() && !stopped) {
      for (Effect effect : List.copyOf(core.step(inbox.remove()))) {
        perform(effect);
      }
      world.reports().onStep(this);
    }
    stepping = false;
    if (!stopped) {
      memory.force();
    }
  }

  private void perform(Effect effect) {
    if (effect instanceof Effect.Send e) {
      send(Principal.replica(e.to()), e.message(), payload(e.message(), e.sealed()));
    } else if (effect instanceof Effect.Broadcast e) {
      byte[] payload = payload(e.message(), e.sealed());
      for (int i = 0; i < world.config().n(); i++) {
        if (i != id()) {
          send(Principal.replica(i), e.message(), payload);
        }
      }
    } else if (effect instanceof Effect.Answer e) {
      answer(e.client(), e.session(), e.message());
    } else if (effect instanceof Effect.Persist e) {
      mouth.raiseBarrier(memory.append(e.record()));
    } else if (effect instanceof Effect.Observe e) {
      world.reports().observe(this, e.observation());
    } else if (effect instanceof Effect.Arm e) {
      arm(e);
    } else if (effect instanceof Effect.Cancel e) {
      timers.remove(e.kind());
      world.reports().listeners().tell(l -> l.onCancelled(world.queue().now(), id(), e.kind()));
    } else {
      application.perform(effect);
      if (effect instanceof Effect.Discard e) {
        memory.discard(e.stable());
      }
    }
  }

  private byte[] payload(Message message, Envelope sealed) {
    return sealed == null ? sealer.payload(message) : sealer.payload(sealed);
  }

  private void send(Principal to, Message message, byte[] payload) {
    mouth.say(
        () -> {
          world.reports().onSend(self, to, message, payload);
          world.network().send(this, to, payload);
        });
  }

  private void answer(int client, long session, ReplicaMessage message) {
    byte[] payload = sealer.payload(message);
    mouth.say(() -> world.toClient(this, client, session, message, payload));
  }

  private void arm(Effect.Arm e) {
    timers.put(e.kind(), e.generation());
    long micros = clock.realMicros(e.delayMillis());
    world.reports().listeners().tell(l -> l.onArmed(world.queue().now(), id(), e.kind(), micros));
    world.queue().in(micros, () -> whenAwake(() -> fire(e)));
  }

  private void fire(Effect.Arm armed) {
    Long current = timers.get(armed.kind());
    if (current != null && current == armed.generation()) {
      timers.remove(armed.kind());
      world.reports().listeners().tell(l -> l.onFired(world.queue().now(), id(), armed.kind()));
      post(new Event.TimerFired(now(), armed.kind(), armed.generation()));
    }
  }

  /** What the disk does to this life. */
  private final class Disk implements SimMemory.Life {
    @Override
    public void onDurable(long position) {
      whenAwake(() -> mouth.release(position));
    }

    @Override
    public void onSnapshotDurable() {
      whenAwake(
          () -> {
            application.announceSnapshots();
            drain();
          });
    }

    @Override
    public void onFailed(String why) {
      world.reports().onDiskFailed(SimReplica.this, why);
    }
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
      SimReplica.this.answer(client, session, message);
    }

    @Override
    public void onExecuted(ExecutionContext context, int index, Request request, Result result) {
      world.reports().onExecuted(SimReplica.this, context, index, request, result);
    }

    @Override
    public void onInstalled(long sequence) {
      world.reports().onInstalled(SimReplica.this, sequence);
    }
  }
}
