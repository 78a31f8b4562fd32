package io.pbft.core.driver;

/** What reaches this thread's handler of uncaught exceptions. */
final class Uncaught {
  private Uncaught() {}

  /** The last that does so while the action runs, or null. */
  static Throwable by(Runnable action) {
    Thread thread = Thread.currentThread();
    Thread.UncaughtExceptionHandler before = thread.getUncaughtExceptionHandler();
    Throwable[] seen = new Throwable[1];
    thread.setUncaughtExceptionHandler((any, e) -> seen[0] = e);
    try {
      action.run();
    } finally {
      thread.setUncaughtExceptionHandler(before);
    }
    return seen[0];
  }
}
