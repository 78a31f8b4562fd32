package io.pbft.core.normal;

import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Request;
import io.pbft.core.runtime.Ring;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Requests of one client session that wait to be executed, by timestamp. */
final class SessionQueue {
  /** A request that waits. */
  static final class Pending {
    private AuthenticatedRequest request;
    private boolean accountable;
    private boolean done;
    private boolean reminded;
    private long timedSince;
    private long acceptedBefore;

    Pending(AuthenticatedRequest request, boolean accountable) {
      this.request = request;
      this.accountable = accountable;
    }

    AuthenticatedRequest request() {
      return request;
    }

    /** Executed, or dropped: nobody waits for it any more. */
    boolean isDone() {
      return done;
    }

    /** Since when its wait counts against the primary. */
    long timedSince() {
      return timedSince;
    }

    /** Bytes of operations that had been proposed when its wait began to count. */
    void setAcceptedBefore(long bytes) {
      acceptedBefore = bytes;
    }

    /** The primary has been told of it once more. */
    boolean isReminded() {
      return reminded;
    }

    void setReminded() {
      reminded = true;
    }
  }

  /**
   * Turns of its client that a session has in a row: what is executed together is answered in one
   * frame, and a client of many sessions would cost replicas a frame for each of its requests.
   */
  static final int RUN = 16;

  /** What comes from the primary in a millisecond, at least: 16 MiB a second. */
  private static final long BYTES_A_MILLISECOND = 16 << 10;

  private final Ring<Pending> waiting = new Ring<>();
  private long executed;
  private long lastProposed;
  private long lastTimed;
  private long unbroken;
  private long bytes;
  private boolean queued;
  private int run;
  private long countedInFlight;
  private boolean countedCompeting;
  private long stuckAt;
  private long stuckSince = Long.MAX_VALUE;

  SessionQueue(long executed) {
    this.executed = executed;
    this.lastProposed = executed;
    this.lastTimed = executed;
    this.unbroken = executed;
  }

  Pending get(long timestamp) {
    return waiting.get(timestamp);
  }

  void add(AuthenticatedRequest request, boolean accountable) {
    waiting.put(request.request().timestamp(), new Pending(request, accountable));
    bytes += request.request().operation().length;
    followFrom(unbroken);
  }

  private void followFrom(long timestamp) {
    unbroken = timestamp;
    while (waiting.get(unbroken + 1) != null) {
      unbroken++;
    }
  }

  /**
   * Up to here nothing is missing behind what this replica has executed or, as primary, proposed.
   */
  long unbroken() {
    return unbroken;
  }

  /**
   * Another copy of a request that waits: one that everybody can check replaces one that only some
   * can.
   */
  static void merge(Pending pending, AuthenticatedRequest copy, boolean accountable) {
    if (copy.isSigned()) {
      pending.request = copy;
    }
    pending.accountable |= accountable;
  }

  /**
   * Starts the clock of every request whose wait the primary answers for: all of its session before
   * it are here, too, and everybody can check them. A client that leaves gaps accuses nobody.
   *
   * @param most that run at a time; the others begin when those have been executed
   */
  void startClocks(long now, long most, Consumer<Pending> started) {
    Pending next = waiting.get(lastTimed + 1);
    while (next != null && next.accountable && lastTimed - executed < most) {
      lastTimed++;
      next.timedSince = now;
      started.accept(next);
      next = waiting.get(lastTimed + 1);
    }
  }

  /**
   * Since when the primary answers for this very request, without the time that what has been
   * proposed meanwhile took to get here; {@link Long#MAX_VALUE} if it does not.
   *
   * @param acceptedBytes of operations that have been proposed so far
   */
  long waitsSince(Request request, long acceptedBytes) {
    Pending pending = waiting.get(request.timestamp());
    boolean counts =
        pending != null
            && request.timestamp() <= lastTimed
            && pending.request.request().equals(request);
    return counts
        ? pending.timedSince + (acceptedBytes - pending.acceptedBefore) / BYTES_A_MILLISECOND
        : Long.MAX_VALUE;
  }

  /**
   * A new view: its primary answers only for what everybody can check, and proposes from the start.
   */
  void onNewView() {
    lastProposed = executed;
    lastTimed = executed;
    followFrom(executed);
    queued = false;
    run = 0;
    waiting.forEach(
        (timestamp, pending) -> {
          pending.accountable = pending.request.isSigned();
          pending.reminded = false;
        });
  }

  /** Forgets everything up to a timestamp; returns the bytes of operations forgotten. */
  long removeUpTo(long timestamp) {
    long removed = 0;
    while (!waiting.isEmpty() && waiting.firstKey() <= timestamp) {
      Pending pending = waiting.pollFirst();
      pending.done = true;
      removed += pending.request.request().operation().length;
    }
    bytes -= removed;
    executed = Math.max(executed, timestamp);
    lastProposed = Math.max(lastProposed, timestamp);
    lastTimed = Math.max(lastTimed, timestamp);
    followFrom(Math.max(unbroken, timestamp));
    return removed;
  }

  /** Forgets the last that waits for one that is missing; null when none does. */
  Request removeLastBehindGap() {
    if (waiting.isEmpty() || waiting.lastKey() <= unbroken) {
      return null;
    }
    Pending last = waiting.remove(waiting.lastKey());
    last.done = true;
    Request request = last.request.request();
    bytes -= request.operation().length;
    return request;
  }

  /**
   * Takes note of the time: all that is here waits for one that is missing, or not.
   *
   * @return since when it does, for the same one; {@link Long#MAX_VALUE} when something can be done
   */
  long stuckSince(long now) {
    if (waiting.isEmpty() || unbroken > executed) {
      stuckSince = Long.MAX_VALUE;
    } else if (stuckSince == Long.MAX_VALUE || stuckAt != executed) {
      stuckAt = executed;
      stuckSince = now;
    }
    return stuckSince;
  }

  /** Forgets what is not signed; returns the bytes of operations forgotten. */
  long removeUnsigned() {
    long removed = 0;
    for (Pending pending : inOrder()) {
      Request request = pending.request.request();
      if (!pending.request.isSigned()) {
        waiting.remove(request.timestamp());
        pending.done = true;
        removed += request.operation().length;
      }
    }
    bytes -= removed;
    followFrom(lastProposed);
    return removed;
  }

  /** The request that the primary proposes next, or null. */
  Pending nextToPropose() {
    return waiting.get(lastProposed + 1);
  }

  /** The timestamp up to which this replica, as primary, has proposed. */
  long lastProposed() {
    return lastProposed;
  }

  void markProposed(long timestamp) {
    if (timestamp == lastProposed + 1) {
      lastProposed = timestamp;
      followFrom(Math.max(unbroken, timestamp));
    }
  }

  /** Nothing waits, and nothing that was proposed is still to be executed. */
  boolean isIdle() {
    return waiting.isEmpty() && lastProposed <= executed;
  }

  /** It has had one of its client's turns. */
  void countTurn() {
    run = nextToPropose() == null ? 0 : (run + 1) % RUN;
  }

  /** Whether the client's next turn is this session's, too. */
  boolean isInRun() {
    return run > 0;
  }

  /** How many more requests are proposed and not executed than when this was asked last. */
  long newlyInFlight() {
    long before = countedInFlight;
    countedInFlight = lastProposed - executed;
    return countedInFlight - before;
  }

  /**
   * 1 if there is something to propose or in flight, and was not when this was asked last; -1 if it
   * is the other way round. What waits behind a gap is nothing.
   */
  int newlyCompeting() {
    boolean before = countedCompeting;
    countedCompeting = lastProposed > executed || nextToPropose() != null;
    return Boolean.compare(countedCompeting, before);
  }

  long bytes() {
    return bytes;
  }

  /** Requests that wait. */
  int size() {
    return waiting.size();
  }

  boolean isQueued() {
    return queued;
  }

  void setQueued(boolean inTurn) {
    queued = inTurn;
  }

  List<Pending> inOrder() {
    List<Pending> list = new ArrayList<>(waiting.size());
    waiting.forEach((timestamp, pending) -> list.add(pending));
    return list;
  }
}
