package io.pbft.bench;

import io.pbft.client.PbftClient;
import io.pbft.node.ConfigException;
import io.pbft.node.PbftClients;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** One client that keeps a number of puts in flight. */
final class Load implements AutoCloseable {
  private final PbftClient client;
  private final Entries entries;
  private final LongConsumer latencies;
  private final SplittableRandom random = new SplittableRandom(3);
  private final AtomicLong done = new AtomicLong();
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
    }
    next();
  }

  /** Puts that were acknowledged so far. */
  long done() {
    return done.get();
  }

  @Override
  public void close() {
    stopped = true;
    client.close();
  }
}
