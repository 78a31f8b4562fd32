package io.pbft.lab.search;

import io.pbft.lab.sim.Choices;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Random runs from the command line: {@code [--seeds FROM..TO] [--for SECONDS] [--threads N]
 * [--four]}. Prints each run that went wrong with the line that repeats it, and at the end the
 * number of runs a minute and how virtual time compares to real time. Exit status 1 if any went
 * wrong, 2 for a wrong argument.
 */
public final class SwarmMain {
  private static final String USAGE =
      "usage: SwarmMain [--seeds FROM..TO] [--for SECONDS] [--threads N] [--four]";

  private final PrintStream out;
  private final AtomicLong next = new AtomicLong(1);
  private final AtomicLong runs = new AtomicLong();
  private final AtomicLong bad = new AtomicLong();
  private final AtomicLong virtualMicros = new AtomicLong();
  private final AtomicLong events = new AtomicLong();
  private final AtomicLong completed = new AtomicLong();
  private long last = 1_000;
  private long seconds = Long.MAX_VALUE;
  private int threads = 2;
  private SwarmRun.Settings settings = SwarmRun.Settings.ALL;

  private SwarmMain(PrintStream out) {
    this.out = out;
  }

  public static void main(String[] args) throws InterruptedException {
    System.exit(run(System.out, args));
  }

  /** As {@link #main}, without ending the process. */
  static int run(PrintStream out, String... args) throws InterruptedException {
    SwarmMain main = new SwarmMain(out);
    String wrong = main.parse(args);
    if (wrong != null) {
      out.println(wrong + "; " + USAGE);
      return 2;
    }
    return main.run();
  }

  private String parse(String... args) {
    for (int i = 0; i < args.length; i++) {
      String name = args[i];
      try {
        switch (name) {
          case "--four" -> settings = SwarmRun.Settings.FOUR;
          case "--seeds" -> {
            String[] range = args[++i].split("\\.\\.", -1);
            next.set(Long.parseLong(range[0]));
            last = Long.parseLong(range[range.length - 1]);
          }
          case "--for" -> {
            seconds = Long.parseLong(args[++i]);
            last = Long.MAX_VALUE;
          }
          case "--threads" -> threads = Integer.parseInt(args[++i]);
          default -> {
            return "no option " + name;
          }
        }
      } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
        return name + " needs a number" + (name.equals("--seeds") ? " or a range" : "");
      }
    }
    return threads < 1 ? "--threads needs a number above 0" : null;
  }

  private int run() throws InterruptedException {
    long start = System.nanoTime();
    Thread[] all = new Thread[threads];
    for (int i = 0; i < threads; i++) {
      all[i] = new Thread(() -> work(start), "swarm-" + i);
      all[i].start();
    }
    for (Thread each : all) {
      each.join();
    }
    report((System.nanoTime() - start) / 1e9);
    return bad.get() == 0 ? 0 : 1;
  }

  private void work(long start) {
    for (long seed = next.getAndIncrement(); seed <= last; seed = next.getAndIncrement()) {
      if ((System.nanoTime() - start) / 1_000_000_000L >= seconds) {
        return;
      }
      runs.incrementAndGet();
      try {
        SwarmRun.Outcome outcome = SwarmRun.run(Choices.seeded(seed), settings);
        virtualMicros.addAndGet(outcome.virtualMicros());
        events.addAndGet(outcome.events());
        completed.addAndGet(outcome.completed());
        if (!outcome.verdict().isGood()) {
          complain(seed, outcome.story() + "\n  " + outcome.verdict());
        }
      } catch (RuntimeException | Error e) {
        complain(seed, e + "\n  at " + Arrays.stream(e.getStackTrace()).limit(4).toList());
      }
    }
  }

  private void complain(long seed, String what) {
    bad.incrementAndGet();
    boolean four = settings.equals(SwarmRun.Settings.FOUR);
    out.println(
        "seed "
            + seed
            + ": "
            + what
            + "\n  again: --seeds "
            + seed
            + ".."
            + seed
            + (four ? " --four" : ""));
  }

  private void report(double real) {
    double virtual = virtualMicros.get() / 1e6;
    out.printf(
        Locale.ROOT,
        "%d runs, %d went wrong; %.0f runs a minute on %d threads; %.0f virtual seconds in %.1f real"
            + " ones (%.0f to 1); %d events, %d operations%n",
        runs.get(),
        bad.get(),
        runs.get() * 60 / real,
        threads,
        virtual,
        real,
        virtual / real,
        events.get(),
        completed.get());
  }
}
