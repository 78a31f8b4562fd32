package io.pbft.node;

import io.pbft.net.EventLoopThread;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Threads that clients of one process share: each client runs on one of them, with its links and
 * timers. Without it each has a thread of its own, which costs more where many of them have
 * something to do than there are processors.
 *
 * <pre>{@code
 * try (ClientThreads threads = new ClientThreads();
 *     PbftClient alice = PbftClients.connect(directory, 0, threads);
 *     PbftClient bob = PbftClients.connect(directory, 1, threads)) {
 *   ...
 * }
 * }</pre>
 *
 * <p>What is called when a future completes holds up all clients of that thread while it runs.
 * Thread-safe. The threads are daemons.
 */
public final class ClientThreads implements AutoCloseable {
  private final List<EventLoopThread> threads;
  private final AtomicInteger taken = new AtomicInteger();

  /** Half as many threads as there are processors: the rest is for who uses the clients. */
  public ClientThreads() {
    this(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
  }

  /**
   * @throws IllegalArgumentException if {@code count} is not positive
   */
  public ClientThreads(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("at least one thread, not " + count);
    }
    this.threads =
        IntStream.range(0, count)
            .mapToObj(i -> EventLoopThread.daemon("pbft-clients-" + i))
            .toList();
  }

  /** In turn. */
  EventLoopThread next() {
    return threads.get(Math.floorMod(taken.getAndIncrement(), threads.size()));
  }

  /** Ends the threads. Close the clients before: what one that is open still waits for fails. */
  @Override
  public void close() {
    threads.forEach(EventLoopThread::close);
  }
}
