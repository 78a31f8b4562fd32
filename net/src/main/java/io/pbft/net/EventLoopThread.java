package io.pbft.net;

import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * A thread that waits for sockets and timers, for one transport or for several. It begins with the
 * first of them. Thread-safe.
 */
public final class EventLoopThread implements AutoCloseable {
  static final long CLOSE_TIMEOUT_MILLIS = 5_000;
  // Listeners may execute what their users wrote.
  private static final int STACK_BYTES = 4 * 1024 * 1024;

  private final SingleThreadIoEventLoop loop;
  // The newest, to wait for its very end.
  private volatile Thread thread;

  private EventLoopThread(String name, boolean daemon) {
    ThreadFactory factory =
        task -> {
          thread = thread(task, name, daemon);
          return thread;
        };
    this.loop = new SingleThreadIoEventLoop(null, factory, NioIoHandler.newFactory());
  }

  /** One that doesn't keep the process alive. */
  public static EventLoopThread daemon(String name) {
    return new EventLoopThread(name, true);
  }

  /** One that keeps the process alive until it is closed. */
  static EventLoopThread lasting(String name) {
    return new EventLoopThread(name, false);
  }

  static Thread thread(Runnable task, String name, boolean daemon) {
    Thread thread = new Thread(null, task, name, STACK_BYTES);
    thread.setDaemon(daemon);
    return thread;
  }

  /** Runs tasks and timers on the thread. What runs there must not block, nor shut it down. */
  public ScheduledExecutorService executor() {
    return loop;
  }

  EventLoop loop() {
    return loop;
  }

  /**
   * Ends the thread; what waits is dropped, and links that are still open are closed. Close the
   * transports before. Waits for the end, five seconds at the most, unless called on the thread.
   */
  @Override
  public void close() {
    end();
  }

  /** Returns whether the thread is gone, or on its way if it is the caller. */
  boolean end() {
    var unusedAwaitedBelow = loop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
    Thread running = thread;
    if (running == null || loop.inEventLoop()) {
      return true;
    }
    try {
      running.join(CLOSE_TIMEOUT_MILLIS);
      return !running.isAlive();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
