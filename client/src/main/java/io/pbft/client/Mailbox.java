package io.pbft.client;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs tasks one at a time and in order on any executor: whoever runs them is, for that time, the
 * owner of what they touch. Those who post bound what they post.
 */
final class Mailbox {
  // Which executor's tasks the thread runs.
  private static final ThreadLocal<Executor> RUNS_FOR = new ThreadLocal<>();
  private static final int BURST = 256;
  private static final int BURSTS_HERE = 16;

  private final Executor executor;
  private final Runnable afterBurst;
  private final Runnable afterShutdown;
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicInteger posted = new AtomicInteger();
  private volatile Thread owner;

  /**
   * @param afterBurst runs after each burst of tasks, by their owner
   * @param afterShutdown runs behind what was posted when the executor takes nothing any more, by
   *     whoever posts
   */
  Mailbox(Executor executor, Runnable afterBurst, Runnable afterShutdown) {
    this.executor = executor;
    this.afterBurst = afterBurst;
    this.afterShutdown = afterShutdown;
  }

  void post(Runnable task) {
    if (add(task)) {
      dispatch();
    }
  }

  /**
   * Adds a task. True when nobody is the owner: then the caller must see to it that somebody will
   * be, by {@link #dispatch} or {@link #runHere}, soon.
   */
  boolean add(Runnable task) {
    tasks.add(task);
    return posted.getAndIncrement() == 0;
  }

  /** Runs what was added since {@link #add} returned true, and what is added meanwhile. */
  void runHere() {
    for (int i = 0; i < BURSTS_HERE; i++) {
      if (burst() == 0) {
        return;
      }
    }
    dispatch();
  }

  /**
   * Whether the executor may have no other thread for this mailbox than the caller: because it is
   * the owner, or runs another mailbox of the same executor.
   */
  boolean mayNotWait() {
    return Thread.currentThread() == owner || RUNS_FOR.get() == executor;
  }

  /** Has the executor run what was added since {@link #add} returned true. */
  void dispatch() {
    try {
      executor.execute(this::runBurst);
    } catch (RejectedExecutionException shutDown) {
      // Somebody has to do it, so that no future stays open for ever: whoever posts.
      tasks.add(afterShutdown);
      posted.incrementAndGet();
      runAll();
    }
  }

  private void runBurst() {
    if (burst() > 0) {
      dispatch();
    }
  }

  private void runAll() {
    while (burst() > 0) {
      // Once more.
    }
  }

  /** Returns how many tasks are left: above 0, it is still this owner's turn. */
  private int burst() {
    owner = Thread.currentThread();
    Executor outer = RUNS_FOR.get();
    RUNS_FOR.set(executor);
    int done = 0;
    // Counted after it was added, so what is counted is there; more may be there already.
    int available = Math.min(posted.get(), BURST);
    while (done < available) {
      run(tasks.poll());
      done++;
    }
    run(afterBurst);
    if (outer == null) {
      RUNS_FOR.remove();
    } else {
      RUNS_FOR.set(outer);
    }
    owner = null;
    return posted.addAndGet(-done);
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }
  }
}
