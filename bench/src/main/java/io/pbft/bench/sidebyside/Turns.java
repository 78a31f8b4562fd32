package io.pbft.bench.sidebyside;

import io.microraft.executor.RaftNodeExecutor;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs a Raft node's tasks one at a time, on whichever thread comes: mostly the transport's, which
 * so needs no hand-over, as with PBFT's replicas. After each run of tasks what they sent is
 * flushed.
 */
final class Turns implements RaftNodeExecutor, AutoCloseable {
  private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean taken = new AtomicBoolean();
  private final Runnable afterwards;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "raft-timer");
            thread.setDaemon(true);
            return thread;
          });

  Turns(Runnable afterwards) {
    this.afterwards = afterwards;
  }

  /** To be run in the next turn. */
  void add(Runnable task) {
    inbox.add(task);
  }

  /** Runs what waits, unless another thread does. */
  void run() {
    while (!inbox.isEmpty() && taken.compareAndSet(false, true)) {
      try {
        for (Runnable task = inbox.poll(); task != null; task = inbox.poll()) {
          task.run();
        }
        afterwards.run();
      } finally {
        taken.set(false);
      }
    }
  }

  @Override
  public void execute(Runnable task) {
    add(task);
    run();
  }

  @Override
  public void submit(Runnable task) {
    execute(task);
  }

  @Override
  public void schedule(Runnable task, long delay, TimeUnit unit) {
    var unused = timer.schedule(() -> execute(task), delay, unit);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
