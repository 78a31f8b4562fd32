package io.pbft.core.driver;

import io.pbft.core.CoreStatus;
import io.pbft.core.Effect;
import io.pbft.core.Event;
import io.pbft.core.ProtocolConfig;
import io.pbft.core.ReplicaCore;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.Reason;
import io.pbft.core.message.StatusQuery;
import io.pbft.core.message.StatusReport;
import io.pbft.core.spi.Journal;
import io.pbft.core.spi.Recovered;
import io.pbft.core.spi.SnapshotStore;
import io.pbft.core.spi.StateMachine;
import io.pbft.core.spi.Transport;
import io.pbft.core.validation.Gatekeeper;
import io.pbft.core.validation.RequestKeyring;
import io.pbft.core.validation.Sealer;
import io.pbft.crypto.Principal;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Runs a {@link ReplicaCore} by the duties that its Javadoc lists, by one owner at a time. A turn
 * takes many messages and flushes the transport once. The owner is whoever has the lock {@code
 * turns}: the transport's thread at the end of a burst and when records have become durable, so
 * that neither costs more changes of threads than it must, or the thread that waits for timers, and
 * checks the signatures of checkpoints. Execution, too, is the owner's: a slow operation slows the
 * replica and its links.
 *
 * <p>An exception out of the core, or out of the state machine's snapshot and restore, is a bug
 * after which nothing this replica says could be trusted: it stops for good (see {@link
 * ReplicaListener#onFailed}), as does a journal that fails. The others go on without it.
 *
 * <p>Use: make it, give {@link #transportListener()} to a transport, then {@link #start}. Thread
 * safe.
 */
public final class ReplicaDriver implements AutoCloseable {
  private static final int MAX_DRAIN = 256;
  private static final long MAX_PARK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** So much later a timer may fire, so that the owner thread is not woken for every one. */
  private static final long EARLIER_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private static final int STACK_BYTES = 4 * 1024 * 1024;

  /** What a driver is made of; the core, machine, journal and snapshots become its own. */
  public record Parts(
      int replica,
      ProtocolConfig protocol,
      ReplicaCore core,
      Gatekeeper gatekeeper,
      RequestKeyring requestKeys,
      Sealer sealer,
      StateMachine machine,
      Journal journal,
      SnapshotStore snapshots,
      ReplicaListener listener,
      DriverClock clock) {}

  private final Parts parts;
  private final ReplicaCore core;
  private final ReplicaListener listener;
  private final RefusalCounters refusals = new RefusalCounters();
  private final Deadlines deadlines = new Deadlines();
  private final DriverTime time;
  private final Inbox inbox;
  private final PeerLinks peers;
  private final Door door;
  private final Questions questions;
  private final Queue<Event> pending = new ArrayDeque<>();
  private final AtomicReference<CompletableFuture<CoreStatus>> statusAsked =
      new AtomicReference<>();
  private final AtomicLong durable = new AtomicLong();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final ReentrantLock turns = new ReentrantLock();
  private Transport transport;
  private Outbox outbox;
  private Effects effects;
  private long released;
  private volatile Thread owner;
  private volatile boolean parked;
  // Until when the owner thread rests at most, by the clock's nanos; guarded by turns.
  private long restsUntil;
  private boolean begun;
  private volatile boolean snapshotDurable;
  private volatile boolean stopping;
  private volatile boolean ended;

  public ReplicaDriver(Parts parts) {
    this.parts = parts;
    this.core = parts.core();
    this.listener = new SafeListener(parts.listener());
    this.time = new DriverTime(parts.clock());
    this.inbox = new Inbox(parts.protocol().limits());
    this.peers = new PeerLinks(parts.protocol().n());
    this.questions = new Questions(parts.replica(), refusals);
    this.door = new Door(parts, inbox, refusals, listener, peers, this::turnHere, this::wake);
  }

  /** Takes the payloads of a transport; what comes before {@link #start} waits in the inbox. */
  public Transport.Listener transportListener() {
    return door;
  }

  /** Starts the owner thread. The transport is closed with the driver. */
  public synchronized void start(Transport through, Recovered recovered) {
    if (owner != null) {
      throw new IllegalStateException("a driver starts once");
    }
    connect(through);
    Thread thread =
        new Thread(null, () -> run(recovered), "pbft-replica-" + parts.replica(), STACK_BYTES);
    owner = thread;
    thread.start();
  }

  /** The core's status, taken on the owner thread; fails when the replica has stopped. */
  public CompletableFuture<CoreStatus> status() {
    CompletableFuture<CoreStatus> asked = new CompletableFuture<>();
    // One question is enough for all who ask at the same time, so they can't pile up.
    CompletableFuture<CoreStatus> other = statusAsked.compareAndExchange(null, asked);
    CompletableFuture<CoreStatus> mine = other == null ? asked : other;
    if (ended) {
      refuseStatus();
    } else {
      wake();
    }
    return mine.copy();
  }

  /**
   * How often each reason was given, at the door or in the core. What is put off is not counted.
   */
  public Map<Reason, Long> refusals() {
    return refusals.counts();
  }

  /** Whether the owner thread is at work. */
  public boolean isRunning() {
    return owner != null && !ended;
  }

  /** Stops the owner thread and waits for it; closes transport, journal and snapshots. */
  @Override
  public void close() {
    Thread thread;
    synchronized (this) {
      stopping = true;
      thread = owner;
    }
    if (thread == null) {
      door.close();
      return;
    }
    LockSupport.unpark(thread);
    if (thread != Thread.currentThread() && !turns.isHeldByCurrentThread()) {
      joinUninterruptibly(thread);
    }
  }

  private static void joinUninterruptibly(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Everything that {@link #begin} needs besides what the constructor had. */
  void connect(Transport through) {
    transport = through;
    outbox = new Outbox(through, parts.replica(), parts.protocol().n());
    Effects.Shared shared =
        new Effects.Shared(through, deadlines, time, listener, refusals, door::onStable);
    effects = new Effects(parts, shared, outbox, pending::add);
    door.open(through);
    parts.journal().open(new JournalProgress());
    parts
        .snapshots()
        .onDurable(
            sequence -> {
              snapshotDurable = true;
              wake();
            });
  }

  private void run(Recovered recovered) {
    try {
      takeTurn(
          () -> {
            begin(recovered);
            begun = true;
            return true;
          });
      while (isLive()) {
        boolean admitted = admitCheckpoint();
        if (!takeTurn(this::liveTurn) && !admitted) {
          park();
        }
      }
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
    } finally {
      turns.lock();
      try {
        end(failure.get());
      } finally {
        turns.unlock();
      }
    }
  }

  /**
   * Works as the owner. Whatever is thrown: a core that may be half-way through a step must not
   * take another one.
   */
  private boolean takeTurn(BooleanSupplier work) {
    turns.lock();
    try {
      boolean worked = work.getAsBoolean();
      restsUntil = parts.clock().nanos() + nanosToRest();
      return worked;
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
      return false;
    } finally {
      turns.unlock();
    }
  }

  /** Not under the lock: meanwhile the transport's thread takes turns. */
  boolean admitCheckpoint() {
    return door.admitCheckpoint();
  }

  /** Whoever has waited for the lock may find the end there. */
  private boolean liveTurn() {
    return isLive() && turn();
  }

  private boolean isLive() {
    return !stopping && failure.get() == null;
  }

  /**
   * The transport's thread has handed over what it had: it takes the turn, unless somebody has it,
   * who will look into the inbox once more before resting.
   */
  private void turnHere() {
    if (!turns.tryLock()) {
      return;
    }
    try {
      if (!begun || ended) {
        return;
      }
      long rests = restsUntil;
      while (takeTurn(this::liveTurn) && !inbox.isEmpty()) {
        // What is left of a big burst.
      }
      if (rests - restsUntil > EARLIER_NANOS || !isLive()) {
        LockSupport.unpark(owner);
      } else {
        restsUntil = rests;
      }
    } finally {
      turns.unlock();
    }
    if (!inbox.isEmpty()) {
      // It came after the last look, from a thread that found the turn taken.
      LockSupport.unpark(owner);
    }
  }

  /** The first step. */
  void begin(Recovered recovered) {
    effects.recover(recovered.snapshotSequence());
    feed(new Event.Started(time.millis(), recovered));
    finishBurst();
    listener.onStarted();
  }

  /**
   * One wake-up's work.
   *
   * @return whether there may be more at once
   */
  boolean turn() {
    boolean worked = release();
    worked |= answerStatus();
    worked |= announceSnapshots();
    worked |= announceLinks();
    int taken = 0;
    while (taken < MAX_DRAIN && !outbox.isFull()) {
      Deadlines.Due due = deadlines.pollDue(time.nanos());
      Inbox.Arrival arrival = due == null ? inbox.poll() : null;
      if (due != null) {
        feed(new Event.TimerFired(time.millis(), due.kind(), due.generation()));
      } else if (arrival != null) {
        deliver(arrival);
      } else {
        break;
      }
      taken++;
    }
    finishBurst();
    return worked || taken > 0;
  }

  private boolean release() {
    long position = durable.get();
    if (position == released) {
      return false;
    }
    released = position;
    outbox.release(position);
    return true;
  }

  private boolean announceSnapshots() {
    if (!snapshotDurable) {
      return false;
    }
    snapshotDurable = false;
    if (effects.announceSnapshots()) {
      drainPending();
    }
    return true;
  }

  private boolean announceLinks() {
    boolean changed = peers.haveChanged();
    if (changed) {
      peers.tell(time.millis(), this::feed);
    }
    return changed;
  }

  private void finishBurst() {
    parts.journal().force();
    effects.serve();
    outbox.flush();
  }

  private void deliver(Inbox.Arrival arrival) {
    if (arrival.message().message() instanceof StatusQuery query) {
      answer(query, arrival);
    } else {
      long fruitless = effects.fruitless();
      feed(new Event.Delivered(time.millis(), arrival.message()));
      if (effects.fruitless() > fruitless && arrival.peer().kind() == Principal.Kind.CLIENT) {
        transport.countRefusal(arrival.peer().id(), arrival.bytes());
      }
    }
  }

  private void answer(StatusQuery query, Inbox.Arrival arrival) {
    if (questions.allows(query.client(), time.millis())) {
      StatusReport report = questions.report(query, core.status(), transport.replicasConnected());
      outbox.toClientAtOnce(query.client(), arrival.session(), parts.sealer().payload(report));
    } else {
      refusals.count(Reason.CLIENT_THROTTLED);
      listener.onRefused(
          Reason.CLIENT_THROTTLED, MessageType.STATUS_QUERY, arrival.peer(), "asks too often");
      transport.countRefusal(query.client(), arrival.bytes());
    }
  }

  /** Steps with the event and all that its effects are answered with, in order. */
  private void feed(Event event) {
    pending.add(event);
    drainPending();
  }

  private void drainPending() {
    for (Event next = pending.poll(); next != null; next = pending.poll()) {
      List<Effect> list = core.step(next);
      for (Effect effect : list) {
        effects.perform(effect);
      }
    }
  }

  private boolean answerStatus() {
    CompletableFuture<CoreStatus> asked = statusAsked.getAndSet(null);
    if (asked != null) {
      asked.complete(core.status());
    }
    return asked != null;
  }

  private void refuseStatus() {
    CompletableFuture<CoreStatus> asked = statusAsked.getAndSet(null);
    if (asked != null) {
      asked.completeExceptionally(new IllegalStateException("the replica has stopped"));
    }
  }

  private void park() {
    parked = true;
    try {
      long nanos = door.nanosUntilCheck(restNanos());
      boolean idle =
          (inbox.isEmpty() || outbox.isFull())
              && durable.get() == released
              && statusAsked.get() == null
              && !snapshotDurable
              && !peers.haveChanged()
              && failure.get() == null
              && !stopping;
      if (idle) {
        LockSupport.parkNanos(this, nanos);
      }
    } finally {
      parked = false;
    }
  }

  private long restNanos() {
    turns.lock();
    try {
      return restsUntil - parts.clock().nanos();
    } finally {
      turns.unlock();
    }
  }

  /** A full outbox takes no timers either: only the journal's progress counts then. */
  private long nanosToRest() {
    long serving = effects.nanosUntilServing(MAX_PARK_NANOS);
    return outbox.isFull() ? serving : deadlines.nanosLeft(time.nanos(), serving);
  }

  private void wake() {
    if (parked) {
      LockSupport.unpark(owner);
    }
  }

  /** Everything is closed even when a part of it fails to close. */
  private void end(Throwable cause) {
    door.close();
    Throwable all = cause;
    all = closing(transport::close, all);
    all = closing(parts.journal()::close, all);
    all = closing(parts.snapshots()::close, all);
    ended = true;
    refuseStatus();
    if (all == null) {
      listener.onStopped();
    } else {
      listener.onFailed(all);
    }
  }

  private static Throwable closing(Runnable close, Throwable earlier) {
    try {
      close.run();
      return earlier;
    } catch (RuntimeException e) {
      if (earlier == null) {
        return e;
      }
      earlier.addSuppressed(e);
      return earlier;
    }
  }

  private final class JournalProgress implements Journal.Listener {
    @Override
    public void onDurable(long position) {
      durable.accumulateAndGet(position, Math::max);
      // What has waited for it is to be sent: by the thread that writes, or it would be woken next.
      if (!transport.requestBurstEnd()) {
        wake();
      }
    }

    @Override
    public void onFailed(IOException e) {
      failure.compareAndSet(null, e);
      wake();
    }
  }
}
