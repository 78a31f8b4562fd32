package io.pbft.lab.search;

import io.pbft.core.runtime.Defences;
import java.io.PrintStream;
import java.util.Locale;

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
  private long first = 1;
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
            first = Long.parseLong(range[0]);
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
    Swarm.Plan plan = new Swarm.Plan(first, last, seconds, threads, false);
    Swarm.Report report = Swarm.run(plan, seed -> settings, Defences.ALL);
    boolean four = settings.equals(SwarmRun.Settings.FOUR);
    for (Swarm.Wrong each : report.wrong()) {
      String again = "--seeds " + each.seed() + ".." + each.seed() + (four ? " --four" : "");
      out.println("seed " + each.seed() + ": " + each.what() + "\n  again: " + again);
    }
    out.printf(
        Locale.ROOT,
        "%d runs, %d went wrong; %.0f runs a minute on %d threads; %.0f virtual seconds in %.1f real"
            + " ones (%.0f to 1); %d events, %d operations%n",
        report.runs(),
        report.bad(),
        report.runsPerMinute(),
        threads,
        report.virtualSeconds(),
        report.realSeconds(),
        report.ratio(),
        report.events(),
        report.operations());
    return report.bad() == 0 ? 0 : 1;
  }
}
