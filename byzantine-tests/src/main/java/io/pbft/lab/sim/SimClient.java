package io.pbft.lab.sim;

import io.pbft.client.core.ClientConfig;
import io.pbft.client.core.ClientCore;
import io.pbft.client.core.ClientEffect;
import io.pbft.client.core.ClientEvent;
import io.pbft.client.core.ClientTimer;
import io.pbft.core.Quorums;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Message;
import io.pbft.core.message.Request;
import io.pbft.core.message.RequestAuthenticator;
import io.pbft.core.message.RequestMessage;
import io.pbft.core.message.Result;
import io.pbft.core.validation.Admission;
import io.pbft.core.validation.Gatekeeper;
import io.pbft.core.validation.Sealer;
import io.pbft.crypto.Digest;
import io.pbft.crypto.MacKey;
import io.pbft.crypto.Principal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/** The production client core in virtual time. */
public final class SimClient implements Node {
  /**
   * Where all requests are signed, a signature takes so long, and what the client wants to send
   * meanwhile is signed together.
   */
  private static final long SIGNING_MICROS = 100;

  private record Waiting(Invocation invocation, Consumer<Result> onResult) {}

  private final Simulation world;
  private final Principal self;
  private final long session;
  private final ClientCore core;
  private final Gatekeeper gatekeeper;
  private final Sealer sealer;
  private final List<MacKey> keys = new ArrayList<>();
  private final Map<ClientTimer, Long> timers = new EnumMap<>(ClientTimer.class);
  private final TreeMap<Long, Waiting> waiting = new TreeMap<>();
  private final List<String> failures = new ArrayList<>();
  private final List<Request> sent = new ArrayList<>();
  private final TreeSet<Digest> sentDigests = new TreeSet<>();
  private final boolean signsTogether;
  private final List<ClientEffect.Transmission> unsigned = new ArrayList<>();
  private final ArrayDeque<ClientEffect> effects = new ArrayDeque<>();
  private boolean performing;
  private IntPredicate goodMacs;
  private long operations;
  private boolean faulty;

  SimClient(
      Simulation world,
      int id,
      long session,
      Gatekeeper gatekeeper,
      Sealer sealer,
      Quorums replies) {
    this.world = world;
    this.self = Principal.client(id);
    this.session = session;
    this.core = new ClientCore(ClientConfig.of(id, session, world.config()), replies);
    this.signsTogether = world.config().clientSignatures();
    this.gatekeeper = gatekeeper;
    this.sealer = sealer;
  }

  @Override
  public Principal principal() {
    return self;
  }

  @Override
  public int place() {
    return EVERYWHERE;
  }

  public long session() {
    return session;
  }

  /** Results that have not come yet. */
  public int outstanding() {
    return waiting.size();
  }

  /** Operations that failed, and why. */
  public List<String> failures() {
    return List.copyOf(failures);
  }

  /** Requests that the client has made, in order of their timestamps. */
  public List<Request> requests() {
    return List.copyOf(sent);
  }

  /**
   * Makes the client faulty: it never signs, and the entries of its MAC vectors are right only for
   * some replicas (the big MAC attack, Aardvark).
   */
  public void forgeMacs(IntPredicate rightFor) {
    goodMacs = rightFor;
    faulty = true;
  }

  /** From now on its MACs are right again, and it signs what it should. */
  public void forgeNoMore() {
    goodMacs = null;
  }

  /** From now on nothing is promised to this client, and nothing expected of it. */
  public void markFaulty() {
    faulty = true;
  }

  public boolean isFaulty() {
    return faulty;
  }

  /** Whether this client made the request. */
  boolean made(Request request) {
    return sentDigests.contains(request.digest());
  }

  /** Operations without a result so far, oldest first. */
  public List<Invocation> unanswered() {
    return waiting.values().stream().map(Waiting::invocation).toList();
  }

  /** The request counts as the client's own, though a script made it. */
  void vouch(Request request) {
    if (sentDigests.add(request.digest())) {
      sent.add(request);
    }
  }

  void connect() {
    for (int i = 0; i < world.config().n(); i++) {
      keys.add(Keys.shared(self.id(), session, i, 0));
      step(new ClientEvent.Connected(world.nowMillis(), i));
    }
  }

  /** Starts an operation; the result arrives in virtual time. */
  public void invoke(byte[] operation, Consumer<Result> onResult) {
    long op = begin(false, operation, onResult);
    step(new ClientEvent.Invoke(world.nowMillis(), op, Request.Kind.WRITE, operation));
  }

  /** Starts a fast read. */
  public void read(byte[] operation, Consumer<Result> onResult) {
    long op = begin(true, operation, onResult);
    step(new ClientEvent.Read(world.nowMillis(), op, true, operation));
  }

  private long begin(boolean read, byte[] operation, Consumer<Result> onResult) {
    long op = operations++;
    long at = world.queue().now();
    Invocation invocation = new Invocation(self.id(), session, op, at, read, operation);
    waiting.put(op, new Waiting(invocation, onResult));
    world.reports().listeners().tell(l -> l.onInvoked(at, invocation));
    return op;
  }

  @Override
  public void receive(Principal from, byte[] payload) {
    world.reports().onArrived(from, self, payload);
    Admission admission = gatekeeper.admit(from, payload);
    if (admission instanceof Admission.Admitted admitted) {
      step(new ClientEvent.Delivered(world.nowMillis(), admitted.message()));
    }
  }

  /** A result may lead to the next operation, whose effects come behind those of its step. */
  private void step(ClientEvent event) {
    effects.addAll(core.step(event));
    if (!performing) {
      performing = true;
      while (!effects.isEmpty()) {
        perform(effects.remove());
      }
      performing = false;
    }
  }

  private void perform(ClientEffect effect) {
    if (effect instanceof ClientEffect.Transmission e && signsTogether && isSigned(e)) {
      sendSigned(e);
    } else if (effect instanceof ClientEffect.Transmission e) {
      send(e, isSigned(e) ? sealer.sign(e.request()) : macs(e.request()));
    } else if (effect instanceof ClientEffect.SendRead e) {
      send(e.to(), e.read());
    } else if (effect instanceof ClientEffect.Completed e) {
      complete(waiting.remove(e.opId()), e.result());
    } else if (effect instanceof ClientEffect.Failed e) {
      Waiting given = waiting.remove(e.opId());
      failures.add(e.failure().toString());
      world
          .reports()
          .listeners()
          .tell(l -> l.onFailed(world.queue().now(), given.invocation(), e.failure().toString()));
    } else if (effect instanceof ClientEffect.Arm e) {
      timers.put(e.kind(), e.generation());
      world.queue().in(e.delayMillis() * 1000, () -> fire(e));
    } else if (effect instanceof ClientEffect.Cancel e) {
      timers.remove(e.kind());
    }
  }

  private boolean isSigned(ClientEffect.Transmission effect) {
    return effect.signed() && goodMacs == null;
  }

  private void sendSigned(ClientEffect.Transmission effect) {
    unsigned.add(effect);
    if (unsigned.size() == 1) {
      world.queue().in(SIGNING_MICROS, this::sendTogether);
    }
  }

  private void sendTogether() {
    List<ClientEffect.Transmission> together = List.copyOf(unsigned);
    unsigned.clear();
    Iterator<RequestAuthenticator.Signature> signatures =
        sealer.sign(together.stream().map(ClientEffect.Transmission::request).toList()).iterator();
    for (ClientEffect.Transmission effect : together) {
      send(effect, signatures.next());
    }
  }

  private void send(ClientEffect.Transmission effect, RequestAuthenticator authenticator) {
    remember(effect);
    AuthenticatedRequest request = new AuthenticatedRequest(effect.request(), authenticator);
    if (effect instanceof ClientEffect.SendRequest e) {
      send(e.to(), new RequestMessage(request, e.fullReplies()));
    } else if (effect instanceof ClientEffect.BroadcastRequest e) {
      for (int i = 0; i < world.config().n(); i++) {
        send(i, new RequestMessage(request, e.fullReplies()));
      }
    }
  }

  private void complete(Waiting done, Result result) {
    world
        .reports()
        .listeners()
        .tell(l -> l.onCompleted(world.queue().now(), done.invocation(), result));
    done.onResult().accept(result);
  }

  private void fire(ClientEffect.Arm armed) {
    Long current = timers.get(armed.kind());
    if (current != null && current == armed.generation()) {
      timers.remove(armed.kind());
      step(new ClientEvent.TimerFired(world.nowMillis(), armed.kind(), armed.generation()));
    }
  }

  private void remember(ClientEffect.Transmission effect) {
    Request request = effect.request();
    if (request.timestamp() > sent.size()) {
      sent.add(request);
      sentDigests.add(request.digest());
      waiting.get(effect.opId()).invocation().carriedBy(request.timestamp());
    }
  }

  private RequestAuthenticator macs(Request request) {
    RequestAuthenticator.Macs macs = sealer.authenticate(request, keys);
    for (int i = 0; goodMacs != null && i < keys.size(); i++) {
      if (!goodMacs.test(i)) {
        macs.tags()[i * RequestAuthenticator.Macs.TAG_LENGTH] ^= 1;
      }
    }
    return macs;
  }

  private void send(int to, Message message) {
    byte[] payload = sealer.payload(message);
    world.reports().onSend(self, Principal.replica(to), message, payload);
    world.network().send(this, Principal.replica(to), payload);
  }
}
