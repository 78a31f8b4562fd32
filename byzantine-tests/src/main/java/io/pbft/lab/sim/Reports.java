package io.pbft.lab.sim;

import io.pbft.core.Observation;
import io.pbft.core.message.Message;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Request;
import io.pbft.core.message.Result;
import io.pbft.core.normal.MessageLog;
import io.pbft.core.spi.ExecutionContext;
import io.pbft.core.spi.Recovered;
import io.pbft.core.validation.Verified;
import io.pbft.crypto.Principal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Where everything that happens in a simulation is reported: it goes into the fingerprint and the
 * ledger, agreement and validity are checked, and the listeners hear of it.
 */
final class Reports {
  private final Simulation world;
  private final Listeners listeners;
  private final Fingerprint fingerprint = new Fingerprint();
  private final Ledger ledger;
  private final Map<Reason, Long> refusals = new EnumMap<>(Reason.class);
  private final long[] executedSoFar;

  /** What each correct replica has executed tentatively: it counts when it is decided. */
  private final List<List<Runnable>> undecided = new ArrayList<>();

  private final long[] decidedSoFar;
  private Consumer<Violation> onViolation =
      violation -> {
        throw new AssertionError(violation.toString());
      };

  Reports(Simulation world, Listeners listeners) {
    this.world = world;
    this.listeners = listeners;
    this.ledger = new Ledger((kind, who, evidence) -> report(kind, List.of(who), evidence));
    this.executedSoFar = new long[world.config().n()];
    this.decidedSoFar = new long[world.config().n()];
    for (int i = 0; i < world.config().n(); i++) {
      undecided.add(new ArrayList<>());
    }
  }

  Fingerprint fingerprint() {
    return fingerprint;
  }

  Ledger ledger() {
    return ledger;
  }

  Listeners listeners() {
    return listeners;
  }

  /** By correct replicas. */
  Map<Reason, Long> refusals() {
    return refusals;
  }

  void onViolation(Consumer<Violation> value) {
    onViolation = value;
  }

  void report(Violation.Kind kind, List<Integer> who, String evidence) {
    onViolation.accept(new Violation(kind, world.queue().now(), who, evidence));
  }

  void onSend(Principal from, Principal to, Message message, byte[] payload) {
    fingerprint.sent(world.queue().now(), from, to, payload);
    listeners.tell(l -> l.onSend(world.queue().now(), from, to, message, payload));
  }

  void onArrived(Principal from, Principal to, byte[] payload) {
    listeners.tell(l -> l.onArrived(world.queue().now(), from, to, payload));
  }

  void onAdmitted(SimReplica replica, Verified<? extends Message> message) {
    fingerprint.arrived(world.queue().now(), replica.id());
    listeners.tell(l -> l.onAdmitted(world.queue().now(), replica.id(), message));
  }

  void observe(SimReplica replica, Observation observation) {
    fingerprint.observed(world.queue().now(), replica.id(), observation);
    listeners.tell(l -> l.onObservation(world.queue().now(), replica.id(), observation));
    if (world.isTraitor(replica.id())) {
      return;
    }
    if (observation instanceof Observation.Refused refused) {
      refusals.merge(refused.reason(), 1L, Long::sum);
    } else if (observation instanceof Observation.Executing executing) {
      ledger.decide(replica.id(), executing.sequence(), executing.digest());
      decidedSoFar[replica.id()] = executing.sequence();
      List<Runnable> executed = undecided.get(replica.id());
      executed.forEach(Runnable::run);
      executed.clear();
    }
  }

  /** Whether a correct replica's state is ahead of what has been decided there. */
  boolean isTentative(int id) {
    return !undecided.get(id).isEmpty();
  }

  void onExecuted(
      SimReplica replica, ExecutionContext context, int index, Request request, Result result) {
    int id = replica.id();
    Runnable judge = () -> judge(id, context, index, request, result);
    if (!world.isTraitor(id) && context.sequence() > decidedSoFar[id]) {
      undecided.get(id).add(judge);
      ledger.executeTentatively(context.sequence(), request);
    } else {
      judge.run();
    }
  }

  private void judge(int id, ExecutionContext context, int index, Request request, Result result) {
    long sequence = context.sequence();
    if (!world.isTraitor(id)) {
      boolean again = index == 0 ? sequence <= executedSoFar[id] : sequence != executedSoFar[id];
      if (again) {
        report(
            Violation.Kind.VALIDITY,
            List.of(id),
            "executes " + sequence + " after " + executedSoFar[id]);
      }
      executedSoFar[id] = sequence;
      long ahead = context.timeMillis() - latestClock() - world.config().maxClockSkewMillis();
      if (ahead > 0) {
        report(
            Violation.Kind.VALIDITY, List.of(id), "agreed time is " + ahead + " ms too far ahead");
      }
      if (!isGenuine(request)) {
        report(Violation.Kind.VALIDITY, List.of(id), "nobody asked for " + request);
      }
      ledger.execute(id, context, index, request, result);
    }
    listeners.tell(l -> l.onExecuted(world.queue().now(), id, sequence, index, request, result));
  }

  /** No batch may say a later time than a correct replica, whose clock went on since, allowed. */
  private long latestClock() {
    long latest = Long.MIN_VALUE;
    for (int i = 0; i < world.config().n(); i++) {
      latest = world.isTraitor(i) ? latest : Math.max(latest, world.clock(i).nowMillis());
    }
    return latest;
  }

  private boolean isGenuine(Request request) {
    if (request.client() >= world.clientCount()) {
      return false;
    }
    SimClient client = world.client(request.client());
    return client.isFaulty() || client.made(request);
  }

  /** A fetched state replaces what the replica executed itself; from there on it counts anew. */
  void onInstalled(SimReplica replica, long sequence) {
    beginAt(replica.id(), sequence);
    fingerprint.happened(world.queue().now(), replica.id(), "installed " + sequence);
    listeners.tell(l -> l.onInstalled(world.queue().now(), replica.id(), sequence));
  }

  void onStarted(SimReplica replica, Recovered recovered) {
    long sequence = recovered.snapshotSequence();
    beginAt(replica.id(), sequence);
    fingerprint.happened(world.queue().now(), replica.id(), "starts at " + sequence);
    if (recovered.isAmnesiac()) {
      listeners.tell(l -> l.onForgotten(world.queue().now(), replica.id()));
    }
    if (!recovered.fresh()) {
      listeners.tell(l -> l.onRestarted(world.queue().now(), replica.id(), sequence));
    }
  }

  private void beginAt(int id, long sequence) {
    executedSoFar[id] = sequence;
    decidedSoFar[id] = sequence;
    undecided.get(id).clear();
  }

  void onDiskFailed(SimReplica replica, String why) {
    if (!world.isTraitor(replica.id())) {
      report(Violation.Kind.RECOVERY, List.of(replica.id()), why);
    }
    if (!replica.isStopped()) {
      world.crash(replica.id());
    }
  }

  void onStep(SimReplica replica) {
    if (replica.logSize() > world.config().logWindow()) {
      report(Violation.Kind.BOUND, List.of(replica.id()), "the log exceeds its window");
    }
    if (replica.logBytes() > MessageLog.mostBytes(world.config())) {
      report(
          Violation.Kind.BOUND,
          List.of(replica.id()),
          "the log holds " + replica.logBytes() + " bytes of batches");
    }
    listeners.tell(l -> l.onStep(world.queue().now(), replica.id()));
  }

  void onStopped(int id, boolean power) {
    fingerprint.happened(world.queue().now(), id, power ? "power" : "crash");
    listeners.tell(l -> l.onStopped(world.queue().now(), id));
  }
}
