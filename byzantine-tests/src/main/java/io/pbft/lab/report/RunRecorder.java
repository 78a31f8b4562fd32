package io.pbft.lab.report;

import io.pbft.core.Observation;
import io.pbft.core.TimerKind;
import io.pbft.core.message.Message;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.Reply;
import io.pbft.core.message.Request;
import io.pbft.core.message.RequestMessage;
import io.pbft.core.message.Result;
import io.pbft.crypto.Digest;
import io.pbft.crypto.Principal;
import io.pbft.lab.play.PlayListener;
import io.pbft.lab.report.RunRecord.Incident;
import io.pbft.lab.report.RunRecord.Mark;
import io.pbft.lab.report.RunRecord.Operation;
import io.pbft.lab.report.RunRecord.Refusal;
import io.pbft.lab.report.RunRecord.TimerSpan;
import io.pbft.lab.report.RunRecord.What;
import io.pbft.lab.sim.Invocation;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.WeakHashMap;

/** Listens to a run and writes it down. For one run; not thread safe. */
final class RunRecorder implements PlayListener {
  private static final long NONE = MessageFields.NONE;

  private record Armed(long atMicros) {}

  private RunRecord record;
  // Arrays are equal to themselves only. The network holds what may still arrive.
  private final WeakHashMap<byte[], List<Flight>> onTheirWay = new WeakHashMap<>();
  private final IdentityHashMap<Message, Map<Integer, Flight.Lie>> lies = new IdentityHashMap<>();
  private final TreeMap<String, Armed> armed = new TreeMap<>();
  private final Map<String, Long> incidents = new LinkedHashMap<>();
  private final IdentityHashMap<Invocation, Boolean> waiting = new IdentityHashMap<>();
  private int arriving = -1;
  private int arrivingAt = -1;
  private long arrivingMicros = -1;

  /** What was heard; complete after {@link #finish}. */
  RunRecord record() {
    return record;
  }

  @Override
  public void onCast(Cast cast) {
    record = new RunRecord(cast);
  }

  private int lane(Principal who) {
    boolean replica = who.kind() == Principal.Kind.REPLICA;
    return record.names.indexOf((replica ? "r" : "c") + who.id());
  }

  @Override
  public void onLie(long at, Principal from, Principal to, Message honest, Message said, String a) {
    lies.computeIfAbsent(said, m -> new TreeMap<>())
        .putIfAbsent(lane(to), new Flight.Lie(a, honest));
  }

  @Override
  public void onWithheld(long at, Principal from, Principal to, Message honest, String action) {
    if (lane(to) >= 0) {
      Flight flight = add(at, lane(from), lane(to), honest, 0);
      flight.fate = Flight.Fate.WITHHELD;
      flight.lie = new Flight.Lie(action, honest);
    }
  }

  @Override
  public void onIgnored(long at, Principal from, Principal by, Message message) {
    String kind = message.type().name().replace('_', '-');
    int flight = cause(at, lane(by));
    record.ignored.add(new RunRecord.Ignored(at, lane(by), lane(from), kind, flight));
  }

  @Override
  public void onSend(long at, Principal from, Principal to, Message message, byte[] payload) {
    if (lane(from) < 0 || lane(to) < 0) {
      return;
    }
    Flight flight = add(at, lane(from), lane(to), message, payload.length);
    if (record.isTraitor(flight.from)) {
      flight.lie = lies.getOrDefault(message, Map.of()).get(flight.to);
    }
    onTheirWay.computeIfAbsent(payload, p -> new ArrayList<>(1)).add(flight);
  }

  private Flight add(long at, int from, int to, Message message, int bytes) {
    int cause = at == arrivingMicros && from == arrivingAt ? arriving : -1;
    Flight flight = new Flight(record.flights.size(), at, from, to, message, bytes, cause);
    record.flights.add(flight);
    return flight;
  }

  @Override
  public void onLost(long at, Principal from, Principal to, int type, byte[] payload) {
    Flight flight = flight(payload, lane(to));
    if (flight != null) {
      flight.fate = Flight.Fate.LOST;
    }
  }

  private Flight flight(byte[] payload, int to) {
    for (Flight each : onTheirWay.getOrDefault(payload, List.of())) {
      if (each.to == to) {
        return each;
      }
    }
    return null;
  }

  @Override
  public void onArrived(long at, Principal from, Principal to, byte[] payload) {
    Flight flight = flight(payload, lane(to));
    arriving = flight == null ? -1 : flight.number;
    arrivingAt = lane(to);
    arrivingMicros = at;
    if (flight != null && flight.arrivedMicros < 0) {
      flight.arrivedMicros = at;
      flight.fate = Flight.Fate.ARRIVED;
    }
  }

  private int cause(long at, int lane) {
    return at == arrivingMicros && lane == arrivingAt ? arriving : -1;
  }

  @Override
  public void onObservation(long at, int replica, Observation observation) {
    int lane = record.lane(replica);
    if (observation instanceof Observation.Refused o) {
      refused(at, lane, o);
    } else if (observation instanceof Observation.Deferred o) {
      int flight = cause(at, lane);
      if (flight >= 0) {
        record.flights.get(flight).deferred = o.reason();
      }
    } else {
      noticed(at, lane, observation);
    }
  }

  private void refused(long at, int lane, Observation.Refused o) {
    int cause = cause(at, lane);
    if (record.isTraitor(lane)) {
      return;
    }
    if (cause >= 0) {
      record.flights.get(cause).refusals.add(o.reason());
    }
    int sender = o.sender() >= 0 && o.sender() < record.n() ? record.lane(o.sender()) : -1;
    int from = sender < 0 && cause >= 0 ? record.flights.get(cause).from : sender;
    MessageType type = o.type();
    String kind = type == null ? "unknown bytes" : type.name().replace('_', '-');
    record.refusals.add(new Refusal(at, lane, o.reason(), kind, from, cause));
    mark(at, lane, What.REFUSED, NONE, NONE, null, o.reason().name());
  }

  private void noticed(long at, int lane, Observation observation) {
    if (observation instanceof Observation.PrePrepared o) {
      mark(at, lane, What.PRE_PREPARED, o.view(), o.sequence(), o.digest(), "");
    } else if (observation instanceof Observation.Prepared o) {
      mark(at, lane, What.PREPARED, o.view(), o.sequence(), o.digest(), "");
    } else if (observation instanceof Observation.CommittedLocal o) {
      mark(at, lane, What.COMMITTED, o.view(), o.sequence(), o.digest(), "");
    } else if (observation instanceof Observation.Executing o) {
      mark(at, lane, What.EXECUTED, NONE, o.sequence(), o.digest(), o.requests() + " requests");
    } else if (observation instanceof Observation.CheckpointStable o) {
      mark(at, lane, What.STABLE, NONE, o.sequence(), o.digest(), "");
    } else if (observation instanceof Observation.ViewChangeStarted o) {
      mark(at, lane, What.VIEW_CHANGE, o.view(), NONE, null, o.cause());
    } else if (observation instanceof Observation.ViewEntered o) {
      mark(at, lane, What.ENTERED, o.view(), NONE, null, "primary r" + o.primary());
    } else if (observation instanceof Observation.Equivocation o) {
      mark(at, lane, What.EQUIVOCATION, o.view(), o.sequence(), null, "r" + o.replica());
    } else if (observation instanceof Observation.TransferStarted o) {
      mark(at, lane, What.TRANSFER, NONE, o.sequence(), null, "");
    } else if (observation instanceof Observation.TransferFinished o) {
      mark(at, lane, What.TRANSFERRED, NONE, o.sequence(), null, "");
    } else if (observation instanceof Observation.StateDiverged o) {
      mark(at, lane, What.DIVERGED, NONE, o.sequence(), o.own(), "");
    }
  }

  private void mark(
      long at, int lane, What what, long view, long slot, Digest digest, String note) {
    record.marks.add(new Mark(at, lane, what, view, slot, digest, note, cause(at, lane)));
  }

  @Override
  public void onArmed(long at, int replica, TimerKind kind, long delayMicros) {
    close(at, replica, kind, "set again");
    if (kind == TimerKind.REQUEST || kind == TimerKind.VIEW_CHANGE) {
      armed.put(replica + " " + kind, new Armed(at));
    }
  }

  @Override
  public void onCancelled(long at, int replica, TimerKind kind) {
    close(at, replica, kind, "cancelled");
  }

  @Override
  public void onFired(long at, int replica, TimerKind kind) {
    arrivingMicros = -1;
    close(at, replica, kind, "fired");
  }

  private void close(long at, int replica, TimerKind kind, String how) {
    Armed since = armed.remove(replica + " " + kind);
    if (since != null) {
      int lane = record.lane(replica);
      record.timers.add(new TimerSpan(lane, kind, since.atMicros(), at, how));
    }
  }

  @Override
  public void onStopped(long at, int replica) {
    mark(at, record.lane(replica), What.STOPPED, NONE, NONE, null, "");
    for (TimerKind kind : TimerKind.values()) {
      close(at, replica, kind, "cancelled");
    }
  }

  @Override
  public void onRestarted(long at, int replica, long sequence) {
    mark(at, record.lane(replica), What.RESTARTED, NONE, sequence, null, "");
  }

  @Override
  public void onForgotten(long at, int replica) {
    mark(at, record.lane(replica), What.RESTARTED, NONE, NONE, null, "without memory");
  }

  @Override
  public void onIncident(long at, String what) {
    incidents.put(what, at);
  }

  @Override
  public void onIncidentOver(long at, String what) {
    Long since = incidents.remove(what);
    if (since != null) {
      record.incidents.add(new Incident(what, since, at));
    }
  }

  @Override
  public void onInvoked(long at, Invocation invocation) {
    waiting.put(invocation, true);
  }

  @Override
  public void onCompleted(long at, Invocation invocation, Result result) {
    waiting.remove(invocation);
    int lane = lane(Principal.client(invocation.client()));
    String what = "#" + invocation.number() + " " + MessageFields.text(result.bytes());
    mark(at, lane, What.ACCEPTED, NONE, NONE, null, what);
    operation(invocation, at);
  }

  @Override
  public void onFailed(long at, Invocation invocation, String why) {
    waiting.remove(invocation);
    mark(at, lane(Principal.client(invocation.client())), What.GAVE_UP, NONE, NONE, null, why);
    operation(invocation, -1);
  }

  private void operation(Invocation i, long until) {
    int lane = lane(Principal.client(i.client()));
    record.operations.add(new Operation(lane, i.number(), i.timestamp(), i.atMicros(), until));
  }

  /** The run is over. */
  RunRecord finish(long endMicros) {
    record.endMicros = endMicros;
    waiting.keySet().forEach(invocation -> operation(invocation, -1));
    incidents.forEach((what, at) -> record.incidents.add(new Incident(what, at, -1)));
    for (String key : List.copyOf(armed.keySet())) {
      String[] parts = key.split(" ", 2);
      close(endMicros, Integer.parseInt(parts[0]), TimerKind.valueOf(parts[1]), "set");
    }
    record.operations.sort(
        java.util.Comparator.comparingLong(Operation::fromMicros)
            .thenComparingInt(Operation::who)
            .thenComparingLong(Operation::number));
    record.flights.forEach(this::endOf);
    slots();
    return record;
  }

  /** What is still on its way after twice the longest delay is not coming. */
  private void endOf(Flight flight) {
    boolean old = flight.sentMicros < record.endMicros - 50_000;
    if (flight.fate == Flight.Fate.ON_ITS_WAY && old) {
      flight.fate = Flight.Fate.TAKEN;
    }
  }

  /** Requests and replies belong to the slot where the request was proposed. */
  private void slots() {
    for (Flight flight : record.flights) {
      if (flight.message instanceof PrePrepare m) {
        m.batch()
            .requests()
            .forEach(r -> record.slotOfRequest.putIfAbsent(key(r.request()), m.sequence()));
      }
    }
    for (Flight flight : record.flights) {
      String key =
          flight.message instanceof RequestMessage m
              ? key(m.body().request())
              : flight.message instanceof Reply m
                  ? key(m.client(), m.session(), m.timestamp())
                  : null;
      if (key != null) {
        flight.slot = record.slotOfRequest.getOrDefault(key, NONE);
      }
    }
  }

  private static String key(Request request) {
    return key(request.client(), request.session(), request.timestamp());
  }

  static String key(int client, long session, long timestamp) {
    return client + "." + session + "." + timestamp;
  }
}
