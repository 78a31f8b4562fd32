package io.pbft.client;

import io.pbft.client.core.ClientConfig;
import io.pbft.client.core.ClientEvent;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Request;
import io.pbft.core.message.StatusReport;
import io.pbft.core.validation.Gatekeeper;
import io.pbft.core.validation.Sealer;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * A client of the replicated service.
 *
 * <pre>{@code
 * try (PbftClient client = ...) {
 *   byte[] answer = client.invoke(operation).orTimeout(10, TimeUnit.SECONDS).join();
 * }
 * }</pre>
 *
 * <p><b>Order.</b> Operations that one thread hands to {@link #invoke} are executed in that order,
 * each at most once, however often they are sent. Fast and stale reads are not ordered with
 * operations still in flight; a fast read sees every operation whose future was complete before.
 *
 * <p><b>Deadlines.</b> An operation is retransmitted until it is answered: put {@code orTimeout} on
 * the future, or cancel it. That ends the waiting, not the operation, which may still be executed.
 *
 * <p><b>Bounds.</b> No call blocks. At most {@link ClientConfig#capacity()} operations are open at
 * a time; one more fails at once with {@code OVERLOADED}, and nothing of it is sent. A caller that
 * produces faster than the cluster executes waits for a future before it goes on.
 *
 * <p><b>Failures.</b> A future fails with {@link OperationFailedException} when the service failed
 * the operation, and with {@link ClientException} when there is no result.
 *
 * <p><b>Threads.</b> All methods may be called from any thread. Futures are completed by the
 * client's owner, one thread at a time, outside any lock: what depends on them must not block there
 * (nor wait for another future of this client), else the client stands still; use {@code
 * thenApplyAsync} for that.
 */
public final class PbftClient implements AutoCloseable {
  private final Engine engine;
  private final Refusals refusals;
  private final Runnable afterClose;
  private final AtomicBoolean closed = new AtomicBoolean();

  private PbftClient(Builder parts, Runnable afterClose) {
    this.refusals = new Refusals(parts.listener);
    this.engine = new Engine(parts, refusals);
    this.afterClose = afterClose;
  }

  /**
   * Starts to put a client together.
   *
   * @param config the session number in it is replaced by the numbers of {@code sessionNumbers}
   * @param sealer with the client's key
   * @param gatekeeper the client's door
   * @param transports opens the links of a session
   * @param sessionNumbers asked at the start and after a session has expired; ascending, also
   *     across restarts of the client: a clock does. Positive
   */
  public static Builder builder(
      ClientConfig config,
      Sealer sealer,
      Gatekeeper gatekeeper,
      TransportFactory transports,
      LongSupplier sessionNumbers) {
    return new Builder(config, sealer, gatekeeper, transports, sessionNumbers);
  }

  /** Has an operation ordered and executed. {@code operation} is copied. */
  public CompletableFuture<byte[]> invoke(byte[] operation) {
    byte[] copy = operation.clone();
    return engine.submit((at, opId) -> new ClientEvent.Invoke(at, opId, Request.Kind.WRITE, copy));
  }

  /** Has a read-only operation answered by the service's {@code query}. It is copied. */
  public CompletableFuture<byte[]> read(byte[] operation, ReadMode mode) {
    byte[] copy = operation.clone();
    return engine.submit(
        switch (mode) {
          case ORDERED -> (at, opId) -> new ClientEvent.Invoke(at, opId, Request.Kind.READ, copy);
          case FAST -> (at, opId) -> new ClientEvent.Read(at, opId, true, copy);
          case STALE -> (at, opId) -> new ClientEvent.Read(at, opId, false, copy);
        });
  }

  /**
   * Has a read-only operation answered by one replica from the state it has: its word, and no more.
   * For those who compare replicas. Waits until it is connected: set a deadline.
   */
  public CompletableFuture<byte[]> readFrom(int replica, byte[] operation) {
    byte[] copy = operation.clone();
    return engine.submit((at, opId) -> new ClientEvent.ReadFrom(at, opId, replica, copy));
  }

  /**
   * Asks one replica how it sees itself; its word, and no more. Waits until it is connected: set a
   * deadline.
   */
  public CompletableFuture<StatusReport> status(int replica) {
    return engine.submit((at, opId) -> new ClientEvent.QueryStatus(at, opId, replica));
  }

  /** How often each reason to refuse something was counted; a copy. */
  public Map<Reason, Long> refusals() {
    return refusals.counted();
  }

  /**
   * Closes the links and fails what is open with {@code CLOSED}. Returns when that is done; at once
   * when called on the thread that completes this client's futures, or those of another that shares
   * its threads.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      engine.close();
      afterClose.run();
    }
  }

  /** Collects what a client needs. */
  public static final class Builder {
    final ClientConfig config;
    final Sealer sealer;
    final Gatekeeper gatekeeper;
    final TransportFactory transports;
    final LongSupplier sessionNumbers;
    ScheduledExecutorService executor;
    boolean worksWhereRepliesArrive;
    LongSupplier clock = () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    ClientListener listener = ClientListener.NONE;

    private Builder(
        ClientConfig config,
        Sealer sealer,
        Gatekeeper gatekeeper,
        TransportFactory transports,
        LongSupplier sessionNumbers) {
      this.config = Objects.requireNonNull(config, "config");
      this.sealer = Objects.requireNonNull(sealer, "sealer");
      this.gatekeeper = Objects.requireNonNull(gatekeeper, "gatekeeper");
      this.transports = Objects.requireNonNull(transports, "transports");
      this.sessionNumbers = Objects.requireNonNull(sessionNumbers, "sessionNumbers");
    }

    /**
     * Runs the client, and its timers, on these threads, one at a time; they are not shut down with
     * it, and must not be shut down before it. Without this it runs on its transports' thread, and
     * works on replies where they arrive; or, if they have no such thread, on a daemon thread of
     * its own.
     */
    public Builder executor(ScheduledExecutorService threads) {
      this.executor = Objects.requireNonNull(threads, "executor");
      return this;
    }

    /** Milliseconds since any moment, never running backwards; without this the JVM's. */
    public Builder clock(LongSupplier millis) {
      this.clock = Objects.requireNonNull(millis, "clock");
      return this;
    }

    public Builder listener(ClientListener hearer) {
      this.listener = Objects.requireNonNull(hearer, "listener");
      return this;
    }

    /** Builds the client and starts to connect; does not wait for it. A builder builds once. */
    public PbftClient start() {
      Runnable afterClose = transports::close;
      if (executor == null) {
        worksWhereRepliesArrive = true;
        executor = transports.thread();
      }
      if (executor == null) {
        ScheduledThreadPoolExecutor own = ownThread();
        executor = own;
        afterClose =
            () -> {
              own.shutdown();
              transports.close();
            };
      }
      PbftClient client = new PbftClient(this, afterClose);
      client.engine.start();
      return client;
    }

    private ScheduledThreadPoolExecutor ownThread() {
      ScheduledThreadPoolExecutor own =
          new ScheduledThreadPoolExecutor(
              1,
              task -> {
                Thread thread = new Thread(task, "pbft-client-" + config.client());
                thread.setDaemon(true);
                return thread;
              });
      own.setRemoveOnCancelPolicy(true);
      return own;
    }
  }
}
