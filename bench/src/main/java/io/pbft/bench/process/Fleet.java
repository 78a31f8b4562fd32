package io.pbft.bench.process;

import io.pbft.bench.Failures;
import io.pbft.client.ClientListener;
import io.pbft.client.PbftClient;
import io.pbft.client.core.ClientObservation;
import io.pbft.node.ClientThreads;
import io.pbft.node.ConfigException;
import io.pbft.node.PbftClients;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Sessions of clients that keep a number of operations in flight each, or start operations at a
 * fixed rate whatever becomes of those before. Its methods are for one thread.
 */
public final class Fleet implements AutoCloseable {
  private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(5);
  private static final int DIGITS = 3;
  private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** As many as a client's window has room for: more would wait at the client. */
  private static final int IN_FLIGHT_OF_A_SESSION = 1_000;

  private static final Executor AFTER_A_FAILURE =
      CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS);

  /**
   * What happened since the last look.
   *
   * @param seconds how long that was
   * @param micros of all operations that were answered in it
   * @param longestGapMicros the longest time in which none was answered
   * @param failures operations that failed, by why
   * @param backedOff requests that a client put off because replicas were busy
   * @param retransmitted requests that a client sent to all
   * @param byClient operations answered to each client
   */
  public record Interval(
      double seconds,
      Histogram micros,
      long longestGapMicros,
      Map<String, Long> failures,
      long backedOff,
      long retransmitted,
      long[] byClient) {
    public double opsPerSecond() {
      return micros.getTotalCount() / seconds;
    }

    /** Operations that failed. */
    public long errors() {
      return failures.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Why they failed, in one line: how many of each; empty when none did. */
    public String problems() {
      return Failures.text(failures);
    }

    public double millis(double percentile) {
      return micros.getValueAtPercentile(percentile) / 1e3;
    }

    /** Jain's index of what the clients got: 1 when all got the same, 1/n when one got all. */
    public double fairness() {
      double sum = 0;
      double squares = 0;
      for (long each : byClient) {
        sum += each;
        squares += (double) each * each;
      }
      return squares == 0 ? 1 : sum * sum / (byClient.length * squares);
    }
  }

  private final Supplier<byte[]> operations;
  private final ClientThreads threads = new ClientThreads();
  private final List<PbftClient> sessions = new ArrayList<>();
  private final List<LongAdder> doneBySession = new ArrayList<>();
  private final List<Integer> owners = new ArrayList<>();
  private final Recorder micros = new Recorder(LONGEST_MICROS, DIGITS);
  private final Failures failures = new Failures();
  private final LongAdder backedOff = new LongAdder();
  private final LongAdder retransmitted = new LongAdder();
  private final AtomicLong lastDone = new AtomicLong(System.nanoTime());
  private final AtomicLong longestGap = new AtomicLong();
  private final AtomicInteger inFlight = new AtomicInteger();
  private volatile boolean stopping;
  private OpenLoop openLoop;
  private Thread pacer;
  private long lookedAt = System.nanoTime();

  /** No sessions yet; every operation will be this one. */
  public Fleet(byte[] operation) {
    this(() -> operation);
  }

  /**
   * @param operations what to do next; called from several threads
   */
  public Fleet(Supplier<byte[]> operations) {
    this.operations = operations;
  }

  /** Opens sessions of one client. */
  public Fleet connect(Path cluster, int client, int count) throws ConfigException {
    for (int i = 0; i < count; i++) {
      sessions.add(PbftClients.builder(cluster, client, threads).listener(new Ear()).start());
      doneBySession.add(new LongAdder());
      owners.add(client);
    }
    return this;
  }

  private final class Ear implements ClientListener {
    @Override
    public void onObservation(ClientObservation observation) {
      if (observation instanceof ClientObservation.BackedOff) {
        backedOff.increment();
      } else if (observation instanceof ClientObservation.Retransmitted) {
        retransmitted.increment();
      }
    }

    @Override
    public void onSession(long session) {}
  }

  /** Each answer is followed by the next operation at once; so many in flight, shared out. */
  public Fleet closedLoop(int outstanding) {
    for (int i = 0; i < outstanding; i++) {
      next(i % sessions.size());
    }
    return this;
  }

  private void next(int session) {
    if (!stopping) {
      start(session, System.nanoTime(), true);
    }
  }

  private void start(int session, long begun, boolean again) {
    inFlight.incrementAndGet();
    var unused =
        sessions
            .get(session)
            .invoke(operations.get())
            .whenComplete((answer, failure) -> ended(session, begun, again, failure));
  }

  private void ended(int session, long begun, boolean again, Throwable failure) {
    inFlight.decrementAndGet();
    long now = System.nanoTime();
    if (failure == null) {
      long took = TimeUnit.NANOSECONDS.toMicros(now - begun);
      micros.recordValue(Math.max(0, Math.min(took, LONGEST_MICROS)));
      doneBySession.get(session).increment();
      longestGap.accumulateAndGet(now - lastDone.getAndSet(now), Math::max);
    } else {
      failures.add(failure);
    }
    if (openLoop != null) {
      openLoop.ended(session);
    }
    if (again && failure == null) {
      next(session);
    } else if (again) {
      // A refusal may come at once, and so would the next.
      AFTER_A_FAILURE.execute(() -> next(session));
    }
  }

  /**
   * Starts operations at a fixed rate from a thread of its own; an operation's time counts from
   * when it was due, so that a stall counts for everything that it holds up. One that finds all
   * sessions full waits, and fails when that takes longer than {@code patienceSeconds}.
   */
  public Fleet openLoop(double perSecond, double patienceSeconds) {
    long begun = System.nanoTime();
    openLoop =
        new OpenLoop(
            perSecond,
            patienceSeconds,
            sessions.size(),
            IN_FLIGHT_OF_A_SESSION,
            (session, due) -> start(session, begun + due, false));
    pacer = new Thread(() -> pace(begun, patienceSeconds), "pacer");
    pacer.setDaemon(true);
    pacer.start();
    return this;
  }

  private void pace(long begun, double patienceSeconds) {
    while (!stopping) {
      long givenUp = openLoop.advance(System.nanoTime() - begun);
      if (givenUp > 0) {
        failures.add("not begun within " + patienceSeconds + " s of when it was due", givenUp);
      }
      LockSupport.parkNanos(PACE_NANOS);
    }
  }

  /** What happened since the last call, or the beginning. */
  public Interval look() {
    long now = System.nanoTime();
    double seconds = (now - lookedAt) / 1e9;
    lookedAt = now;
    int clients = owners.stream().mapToInt(Integer::intValue).max().orElse(-1) + 1;
    long[] all = new long[clients];
    for (int i = 0; i < sessions.size(); i++) {
      all[owners.get(i)] += doneBySession.get(i).sumThenReset();
    }
    long[] byClient = owners.stream().distinct().mapToLong(each -> all[each]).toArray();
    // What has not ended yet is a gap, too.
    long gap = Math.max(longestGap.getAndSet(0), now - lastDone.get());
    return new Interval(
        seconds,
        micros.getIntervalHistogram(),
        TimeUnit.NANOSECONDS.toMicros(gap),
        failures.take(),
        backedOff.sumThenReset(),
        retransmitted.sumThenReset(),
        byClient);
  }

  /** Runs for so long and forgets it, then for as long as is to be measured. */
  public Interval measure(double warmup, double seconds) throws InterruptedException {
    sleep(warmup);
    look();
    sleep(seconds);
    return look();
  }

  private static void sleep(double seconds) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(Math.round(seconds * 1_000));
  }

  /**
   * Starts nothing more, waits for what is in flight, but not for ever, and closes all sessions.
   */
  @Override
  public void close() throws InterruptedException {
    stopping = true;
    if (pacer != null) {
      pacer.join();
    }
    long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
    while (inFlight.get() > 0 && System.nanoTime() < patience) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    sessions.forEach(PbftClient::close);
    threads.close();
  }
}
