package io.pbft.bench;

import io.pbft.client.PbftClient;
import io.pbft.node.ConfigException;
import io.pbft.node.PbftClients;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** One client that keeps a number of puts in flight. */
final class Load implements AutoCloseable {
  private static final Executor AFTER_A_FAILURE =
      CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS);

  private final PbftClient client;
  private final Entries entries;
  private final LongConsumer latencies;
  private final SplittableRandom random = new SplittableRandom(3);
  private final AtomicLong done = new AtomicLong();
  private final Failures failures = new Failures();
  private volatile boolean stopped;

  /**
   * @param latencies hears how many nanoseconds each put took, from any thread
   */
  Load(Path cluster, Entries entries, int inFlight, LongConsumer latencies) throws ConfigException {
    this.client = PbftClients.connect(cluster, 0);
    this.entries = entries;
    this.latencies = latencies;
    for (int i = 0; i < inFlight; i++) {
      next();
    }
  }

  private void next() {
    if (stopped) {
      return;
    }
    byte[] operation;
    synchronized (random) {
      operation = entries.randomPut(random).encode();
    }
    long begun = System.nanoTime();
    var unused = client.invoke(operation).whenComplete((result, failure) -> onDone(begun, failure));
  }

  private void onDone(long begun, Throwable failure) {
    if (failure == null) {
      done.incrementAndGet();
      latencies.accept(System.nanoTime() - begun);
      next();
    } else if (!stopped) {
      failures.add(failure);
      // A refusal may come at once, and so would the next.
      AFTER_A_FAILURE.execute(this::next);
    }
  }

  /** Puts that were acknowledged so far. */
  long done() {
    return done.get();
  }

  /** Also prints what has failed, if anything has. */
  @Override
  public void close() {
    stopped = true;
    client.close();
    Map<String, Long> failed = failures.take();
    if (!failed.isEmpty()) {
      System.out.println(Failures.text(failed));
    }
  }
}
