package io.pbft.lab.search;

import io.pbft.core.runtime.Defences;
import io.pbft.lab.oracle.Verdict;
import io.pbft.lab.sim.Choices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/** Many random runs, on several threads; each follows from its seed alone. */
public final class Swarm {
  private static final int KEPT = 100;

  /**
   * What to run.
   *
   * @param from the first seed
   * @param to the last seed
   * @param seconds when to stop beginning runs, of real time
   * @param untilWrong whether to stop at the first run that goes wrong
   */
  public record Plan(long from, long to, long seconds, int threads, boolean untilWrong) {}

  /**
   * A run that went wrong.
   *
   * @param property the promise that was broken, or the exception that ended it
   * @param choices everything that was drawn
   */
  public record Wrong(long seed, String property, String what, int[] choices) {}

  /**
   * What came of it.
   *
   * @param wrong the runs that went wrong, at most a hundred, by seed
   */
  public record Report(
      long runs,
      long bad,
      List<Wrong> wrong,
      double realSeconds,
      double virtualSeconds,
      long events,
      long operations) {
    public double runsPerMinute() {
      return runs * 60 / realSeconds;
    }

    /** Simulated to real time. */
    public double ratio() {
      return virtualSeconds / realSeconds;
    }
  }

  private final Plan plan;
  private final LongFunction<SwarmRun.Settings> settings;
  private final Defences defences;
  private final long start = System.nanoTime();
  private final AtomicLong next;
  private final AtomicLong runs = new AtomicLong();
  private final AtomicLong bad = new AtomicLong();
  private final AtomicLong virtualMicros = new AtomicLong();
  private final AtomicLong events = new AtomicLong();
  private final AtomicLong completed = new AtomicLong();
  private final List<Wrong> wrong = Collections.synchronizedList(new ArrayList<>());

  private Swarm(Plan plan, LongFunction<SwarmRun.Settings> settings, Defences defences) {
    this.plan = plan;
    this.settings = settings;
    this.defences = defences;
    this.next = new AtomicLong(plan.from());
  }

  /**
   * Runs the plan.
   *
   * @param settings for each seed
   */
  public static Report run(Plan plan, LongFunction<SwarmRun.Settings> settings, Defences defences)
      throws InterruptedException {
    return new Swarm(plan, settings, defences).run();
  }

  /** Runs one list of choices; null when all is well. */
  public static Wrong examine(
      long seed, Choices choices, SwarmRun.Settings settings, Defences defences) {
    return examine(seed, choices, settings, defences, outcome -> {});
  }

  private static Wrong examine(
      long seed,
      Choices choices,
      SwarmRun.Settings settings,
      Defences defences,
      Consumer<SwarmRun.Outcome> tally) {
    try {
      SwarmRun.Outcome outcome = SwarmRun.run(choices, settings, defences);
      tally.accept(outcome);
      Verdict verdict = outcome.verdict();
      String what = outcome.story() + ": " + verdict;
      return verdict.isGood() ? null : new Wrong(seed, verdict.broken(), what, choices.drawn());
    } catch (RuntimeException | Error e) {
      String what = e + " at " + Arrays.stream(e.getStackTrace()).limit(4).toList();
      return new Wrong(seed, e.getClass().getSimpleName(), what, choices.drawn());
    }
  }

  private Report run() throws InterruptedException {
    Thread[] all = new Thread[plan.threads()];
    for (int i = 0; i < all.length; i++) {
      all[i] = new Thread(this::work, "swarm-" + i);
      all[i].start();
    }
    for (Thread each : all) {
      each.join();
    }
    List<Wrong> sorted = new ArrayList<>(wrong);
    sorted.sort((one, other) -> Long.compare(one.seed(), other.seed()));
    return new Report(
        runs.get(),
        bad.get(),
        List.copyOf(sorted),
        (System.nanoTime() - start) / 1e9,
        virtualMicros.get() / 1e6,
        events.get(),
        completed.get());
  }

  private void work() {
    for (long seed = next.getAndIncrement(); seed <= plan.to(); seed = next.getAndIncrement()) {
      boolean late = (System.nanoTime() - start) / 1_000_000_000L >= plan.seconds();
      if (late || (plan.untilWrong() && bad.get() > 0)) {
        return;
      }
      runs.incrementAndGet();
      Wrong found =
          examine(seed, Choices.seeded(seed), settings.apply(seed), defences, this::tally);
      if (found != null && bad.incrementAndGet() <= KEPT) {
        wrong.add(found);
      }
    }
  }

  private void tally(SwarmRun.Outcome outcome) {
    virtualMicros.addAndGet(outcome.virtualMicros());
    events.addAndGet(outcome.events());
    completed.addAndGet(outcome.completed());
  }
}
