package io.pbft.client;

import io.pbft.client.core.ClientConfig;
import io.pbft.client.core.ClientCore;
import io.pbft.client.core.ClientEffect;
import io.pbft.client.core.ClientEvent;
import io.pbft.client.core.ClientFailure;
import io.pbft.client.core.ClientTimer;
import io.pbft.core.message.Message;
import io.pbft.core.message.Result;
import io.pbft.core.message.StatusReport;
import io.pbft.core.spi.Transport;
import io.pbft.core.validation.RequestMacs;
import io.pbft.core.validation.Verified;
import io.pbft.crypto.MacKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Drives the {@link ClientCore}. Except where said, everything here is the mailbox owner's. */
final class Engine implements SessionLinks.Owner {
  private final PbftClient.Builder parts;
  private final Refusals refusals;
  private final Mailbox mailbox;
  private final Outgoing outgoing;
  private final TreeMap<Long, Pending<?>> pending = new TreeMap<>();
  private final Map<ClientTimer, ScheduledFuture<?>> timers = new EnumMap<>(ClientTimer.class);
  private final AtomicLong lastOpId = new AtomicLong();
  private final AtomicInteger open = new AtomicInteger();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  // Set while the thread has added to a mailbox without owner.
  private final ThreadLocal<Boolean> owed = new ThreadLocal<>();
  private volatile boolean closing;
  private long lastSession;
  private ClientCore core;
  private SessionLinks links;
  private Transport transport;
  private RequestMacs keys;

  Engine(PbftClient.Builder parts, Refusals refusals) {
    this.parts = parts;
    this.refusals = refusals;
    this.mailbox = new Mailbox(parts.executor, this::flush, this::shutDownForGood);
    this.outgoing = new Outgoing(parts.sealer);
  }

  /** From any thread. */
  void start() {
    mailbox.post(this::openSession);
  }

  /** From any thread: starts an operation, or fails it at once. Never blocks. */
  <T> CompletableFuture<T> submit(Pending.Start start) {
    Pending<T> operation = new Pending<>(lastOpId.incrementAndGet(), start);
    if (closing) {
      operation.fail(new ClientException(ClientFailure.CLOSED));
    } else if (open.incrementAndGet() > parts.config.capacity()) {
      open.decrementAndGet();
      operation.fail(new ClientException(ClientFailure.OVERLOADED));
    } else {
      mailbox.post(() -> begin(operation));
    }
    return operation.future;
  }

  /** From any thread: fails what is open; waits for that where it may. */
  void close() {
    closing = true;
    mailbox.post(this::shutDown);
    if (!mailbox.mayNotWait()) {
      closed.join();
    }
  }

  private void begin(Pending<?> operation) {
    pending.put(operation.opId, operation);
    if (closing) {
      fail(operation.opId, ClientFailure.CLOSED);
      return;
    }
    step(operation.start.at(now(), operation.opId));
    // Only now: of a future that was cancelled before, this tells at once.
    operation.whenGivenUp(() -> mailbox.post(() -> abandon(operation)));
  }

  private void abandon(Pending<?> operation) {
    if (take(operation.opId) != null) {
      step(new ClientEvent.Abandon(now(), operation.opId));
    }
  }

  private Pending<?> take(long opId) {
    Pending<?> operation = pending.remove(opId);
    if (operation != null) {
      open.decrementAndGet();
    }
    return operation;
  }

  private void openSession() {
    if (closing) {
      return;
    }
    lastSession = Math.max(parts.sessionNumbers.getAsLong(), lastSession + 1);
    ClientConfig config = parts.config.withSession(lastSession);
    int n = config.protocol().n();
    core = new ClientCore(config);
    keys = new RequestMacs(n);
    int frameBytes = config.protocol().limits().frameBytes();
    links = new SessionLinks(lastSession, n, frameBytes, parts.gatekeeper, refusals, this);
    parts.listener.onSession(lastSession);
    try {
      transport = parts.transports.open(lastSession, links);
    } finally {
      if (transport == null) {
        // It threw: with no links there is nothing to wait for.
        closing = true;
        shutDown();
      }
    }
  }

  private void closeSession() {
    for (ClientTimer kind : ClientTimer.values()) {
      cancel(kind);
    }
    outgoing.clear();
    if (transport != null) {
      transport.close();
      transport = null;
    }
    links = null;
  }

  private void shutDown() {
    if (closed.isDone()) {
      return;
    }
    try {
      closeSession();
    } finally {
      for (long opId : List.copyOf(pending.keySet())) {
        fail(opId, ClientFailure.CLOSED);
      }
      closed.complete(null);
    }
  }

  @Override
  public void connected(SessionLinks from, int replica, MacKey key) {
    mailbox.post(
        () -> {
          if (from == links) {
            keys.set(replica, key);
            step(new ClientEvent.Connected(now(), replica));
          }
        });
  }

  @Override
  public void disconnected(SessionLinks from, int replica) {
    mailbox.post(
        () -> {
          if (from == links) {
            keys.set(replica, null);
            step(new ClientEvent.Disconnected(now(), replica));
          }
        });
  }

  @Override
  public void delivered(SessionLinks from, Verified<? extends Message> message, Runnable handled) {
    boolean unowned =
        mailbox.add(
            () -> {
              handled.run();
              if (from == links) {
                step(new ClientEvent.Delivered(now(), message));
              }
            });
    if (unowned) {
      owed.set(Boolean.TRUE);
    }
  }

  /** By default replies are worked on where they arrive, which saves a change of threads. */
  @Override
  public void burstEnded() {
    if (owed.get() == null) {
      return;
    }
    owed.remove();
    if (parts.worksWhereRepliesArrive) {
      mailbox.runHere();
    } else {
      mailbox.dispatch();
    }
  }

  private void step(ClientEvent event) {
    List<Long> returned = new ArrayList<>();
    for (ClientEffect effect : core.step(event)) {
      if (effect instanceof ClientEffect.Returned r) {
        returned.add(r.opId());
      } else if (!outgoing.add(effect)) {
        perform(effect);
      }
    }
    for (long opId : returned) {
      Pending<?> operation = pending.get(opId);
      if (operation != null) {
        step(operation.start.at(now(), opId));
      }
    }
  }

  private void flush() {
    if (transport != null) {
      outgoing.send(transport, keys);
    }
  }

  private void perform(ClientEffect effect) {
    if (effect instanceof ClientEffect.Completed e) {
      complete(e.opId(), e.result());
    } else if (effect instanceof ClientEffect.StatusReceived e) {
      report(e.opId(), e.report());
    } else if (effect instanceof ClientEffect.Failed e) {
      fail(e.opId(), e.failure());
    } else if (effect instanceof ClientEffect.SessionExpired) {
      closeSession();
      openSession();
    } else if (effect instanceof ClientEffect.Arm e) {
      arm(e);
    } else if (effect instanceof ClientEffect.Cancel e) {
      cancel(e.kind());
    } else if (effect instanceof ClientEffect.Observe e) {
      refusals.observe(e.observation());
    }
  }

  private void arm(ClientEffect.Arm arm) {
    cancel(arm.kind());
    ClientCore armedBy = core;
    Runnable fire =
        () -> {
          if (armedBy == core && links != null) {
            step(new ClientEvent.TimerFired(now(), arm.kind(), arm.generation()));
          }
        };
    try {
      timers.put(
          arm.kind(),
          parts.executor.schedule(
              () -> mailbox.post(fire), arm.delayMillis(), TimeUnit.MILLISECONDS));
    } catch (RejectedExecutionException shutDown) {
      mailbox.post(this::shutDownForGood);
    }
  }

  /** Without its executor nothing is ever retransmitted: better an error now than a hang. */
  private void shutDownForGood() {
    closing = true;
    shutDown();
  }

  private void cancel(ClientTimer kind) {
    ScheduledFuture<?> timer = timers.remove(kind);
    if (timer != null) {
      timer.cancel(false);
    }
  }

  @SuppressWarnings("unchecked") // Only operations and reads end with a result: Pending<byte[]>.
  private void complete(long opId, Result result) {
    Pending<byte[]> operation = (Pending<byte[]>) take(opId);
    if (operation == null) {
      return;
    }
    if (result.outcome() == Result.Outcome.OK) {
      operation.complete(result.bytes());
    } else {
      operation.fail(
          new OperationFailedException(new String(result.bytes(), StandardCharsets.UTF_8)));
    }
  }

  @SuppressWarnings("unchecked") // Only a status query ends with a report.
  private void report(long opId, StatusReport report) {
    Pending<StatusReport> query = (Pending<StatusReport>) take(opId);
    if (query != null) {
      query.complete(report);
    }
  }

  private void fail(long opId, ClientFailure failure) {
    Pending<?> operation = take(opId);
    if (operation != null) {
      operation.fail(new ClientException(failure));
    }
  }

  private long now() {
    return parts.clock.getAsLong();
  }
}
