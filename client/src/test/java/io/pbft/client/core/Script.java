package io.pbft.client.core;

import static io.pbft.client.TestCluster.CLIENT;
import static io.pbft.client.TestCluster.bytes;

import io.pbft.client.TestCluster;
import io.pbft.core.message.Busy;
import io.pbft.core.message.Message;
import io.pbft.core.message.ReadReply;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Reply;
import io.pbft.core.message.Request;
import io.pbft.core.message.Result;
import io.pbft.core.message.StatusReport;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Plays a client's life, event by event; its clock stands still except in {@link #pass}. */
final class Script {
  static final long SESSION = 40;

  private record Armed(long dueAt, long generation) {}

  final TestCluster cluster;
  final ClientCore core;
  final List<ClientEffect> all = new ArrayList<>();
  private final Map<ClientTimer, Armed> timers = new EnumMap<>(ClientTimer.class);
  private long view;
  private long now = 1_000;

  Script(TestCluster cluster, ClientConfig config) {
    this.cluster = cluster;
    this.core = new ClientCore(config);
  }

  /** A client of n replicas with default settings, connected to all. */
  static Script connected(int n) {
    TestCluster cluster = new TestCluster(n);
    return connected(cluster, ClientConfig.of(CLIENT, SESSION, cluster.config));
  }

  static Script connected(TestCluster cluster, ClientConfig config) {
    Script script = new Script(cluster, config);
    for (int i = 0; i < cluster.config.n(); i++) {
      script.connect(i);
    }
    return script;
  }

  static ClientConfig config(TestCluster cluster) {
    return ClientConfig.of(CLIENT, SESSION, cluster.config);
  }

  /** The view that later replies name. */
  Script inView(long number) {
    view = number;
    return this;
  }

  List<ClientEffect> step(ClientEvent event) {
    List<ClientEffect> effects = core.step(event);
    all.addAll(effects);
    for (ClientEffect effect : effects) {
      if (effect instanceof ClientEffect.Arm arm) {
        timers.put(arm.kind(), new Armed(now + arm.delayMillis(), arm.generation()));
      } else if (effect instanceof ClientEffect.Cancel cancel) {
        timers.remove(cancel.kind());
      }
    }
    return effects;
  }

  List<ClientEffect> connect(int replica) {
    return step(new ClientEvent.Connected(now, replica));
  }

  List<ClientEffect> disconnect(int replica) {
    return step(new ClientEvent.Disconnected(now, replica));
  }

  /** Operation {@code opId}, whose bytes are "op" and its number. */
  List<ClientEffect> invoke(long opId) {
    return invoke(opId, bytes("op" + opId));
  }

  List<ClientEffect> invoke(long opId, byte[] operation) {
    return step(new ClientEvent.Invoke(now, opId, Request.Kind.WRITE, operation));
  }

  List<ClientEffect> fastRead(long opId) {
    return step(new ClientEvent.Read(now, opId, true, bytes("read" + opId)));
  }

  List<ClientEffect> staleRead(long opId) {
    return step(new ClientEvent.Read(now, opId, false, bytes("read" + opId)));
  }

  List<ClientEffect> readFrom(long opId, int replica) {
    return step(new ClientEvent.ReadFrom(now, opId, replica, bytes("read" + opId)));
  }

  List<ClientEffect> abandon(long opId) {
    return step(new ClientEvent.Abandon(now, opId));
  }

  List<ClientEffect> status(long opId, int replica) {
    return step(new ClientEvent.QueryStatus(now, opId, replica));
  }

  List<ClientEffect> deliver(int link, Message message) {
    return step(new ClientEvent.Delivered(now, cluster.verified(link, message)));
  }

  List<ClientEffect> reply(int replica, long timestamp, String result) {
    return reply(replica, timestamp, ok(result));
  }

  List<ClientEffect> reply(int replica, long timestamp, Result result) {
    return deliver(
        replica, new Reply(view, CLIENT, SESSION, timestamp, result.digest(), result, replica));
  }

  /** What a replica has executed when it had prepared, in a view and at a sequence number. */
  List<ClientEffect> tentativeReply(
      int replica, long timestamp, String result, long inView, long sequence) {
    return deliver(
        replica,
        new Reply(
            inView,
            CLIENT,
            SESSION,
            timestamp,
            ok(result).digest(),
            ok(result),
            sequence,
            replica));
  }

  List<ClientEffect> digestReply(int replica, long timestamp, String result) {
    return deliver(
        replica, new Reply(view, CLIENT, SESSION, timestamp, ok(result).digest(), null, replica));
  }

  List<ClientEffect> readReply(int replica, long nonce, String result) {
    return deliver(
        replica, new ReadReply(SESSION, nonce, 5, ok(result).digest(), ok(result), replica));
  }

  List<ClientEffect> readDigest(int replica, long nonce, String result) {
    return deliver(replica, new ReadReply(SESSION, nonce, 5, ok(result).digest(), null, replica));
  }

  List<ClientEffect> busy(int replica, long timestamp) {
    return busy(replica, timestamp, 0);
  }

  /** It has room for so many of the session's requests in any case. */
  List<ClientEffect> busy(int replica, long timestamp, long room) {
    return deliver(replica, new Busy(SESSION, timestamp, false, room, replica));
  }

  List<ClientEffect> mustSign(int replica, long timestamp) {
    return deliver(replica, new Busy(SESSION, timestamp, true, 0, replica));
  }

  List<ClientEffect> report(int replica, long nonce) {
    return deliver(
        replica, new StatusReport(nonce, 3, true, 9, 0, 9, 3, 0, "", List.of(), replica));
  }

  /** Lets time pass, and fires what falls due, in its order. */
  List<ClientEffect> pass(long millis) {
    long until = now + millis;
    List<ClientEffect> effects = new ArrayList<>();
    for (ClientTimer next = next(until); next != null; next = next(until)) {
      Armed armed = timers.remove(next);
      now = Math.max(now, armed.dueAt());
      effects.addAll(step(new ClientEvent.TimerFired(now, next, armed.generation())));
    }
    now = until;
    return effects;
  }

  private ClientTimer next(long until) {
    ClientTimer next = null;
    for (Map.Entry<ClientTimer, Armed> entry : timers.entrySet()) {
      if (entry.getValue().dueAt() <= until
          && (next == null || entry.getValue().dueAt() < timers.get(next).dueAt())) {
        next = entry.getKey();
      }
    }
    return next;
  }

  static Result ok(String text) {
    return new Result(Result.Outcome.OK, bytes(text));
  }

  static Result outcome(Result.Outcome outcome) {
    return new Result(outcome, new byte[0]);
  }

  static ClientEffect completed(long opId, String result) {
    return new ClientEffect.Completed(opId, ok(result));
  }

  static ClientEffect refused(Reason reason, io.pbft.core.message.MessageType type, int replica) {
    return new ClientEffect.Observe(new ClientObservation.Refused(reason, type, replica));
  }

  static <T extends ClientEffect> List<T> only(List<ClientEffect> effects, Class<T> type) {
    return effects.stream().filter(type::isInstance).map(type::cast).toList();
  }

  static List<ClientEffect.SendRequest> sends(List<ClientEffect> effects) {
    return only(effects, ClientEffect.SendRequest.class);
  }

  static List<ClientEffect.BroadcastRequest> broadcasts(List<ClientEffect> effects) {
    return only(effects, ClientEffect.BroadcastRequest.class);
  }

  static List<ClientEffect> outcomes(List<ClientEffect> effects) {
    return effects.stream()
        .filter(
            e ->
                e instanceof ClientEffect.Completed
                    || e instanceof ClientEffect.Failed
                    || e instanceof ClientEffect.Returned)
        .toList();
  }
}
