package io.pbft.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** An executor whose only thread is the test's and whose clock is the test's: nothing is racy. */
final class ManualScheduler extends AbstractExecutorService implements ScheduledExecutorService {
  private static final class Timer extends FutureTask<Void> implements ScheduledFuture<Void> {
    private final long dueAt;

    Timer(Runnable task, long dueAt) {
      super(task, null);
      this.dueAt = dueAt;
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(dueAt, TimeUnit.MILLISECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(dueAt, ((Timer) other).dueAt);
    }
  }

  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final List<Timer> timers = new ArrayList<>();
  private long now = 5_000;
  private boolean shutdown;

  long millis() {
    return now;
  }

  /** Runs what is ready, and what that makes ready. */
  void run() {
    while (!tasks.isEmpty()) {
      tasks.poll().run();
    }
  }

  void pass(long millis) {
    long until = now + millis;
    run();
    for (Timer next = next(until); next != null; next = next(until)) {
      timers.remove(next);
      now = Math.max(now, next.dueAt);
      next.run();
      run();
    }
    now = until;
  }

  private Timer next(long until) {
    return timers.stream()
        .filter(t -> !t.isCancelled() && t.dueAt <= until)
        .min(Comparator.naturalOrder())
        .orElse(null);
  }

  int timersArmed() {
    return (int) timers.stream().filter(t -> !t.isCancelled()).count();
  }

  @Override
  public void execute(Runnable task) {
    if (shutdown) {
      throw new RejectedExecutionException("shut down");
    }
    tasks.add(task);
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
    if (shutdown) {
      throw new RejectedExecutionException("shut down");
    }
    Timer timer = new Timer(task, now + unit.toMillis(delay));
    timers.add(timer);
    return timer;
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable task, long first, long period, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable task, long first, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void shutdown() {
    shutdown = true;
  }

  @Override
  public List<Runnable> shutdownNow() {
    shutdown = true;
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return shutdown;
  }

  @Override
  public boolean isTerminated() {
    return shutdown && tasks.isEmpty();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return isTerminated();
  }
}
