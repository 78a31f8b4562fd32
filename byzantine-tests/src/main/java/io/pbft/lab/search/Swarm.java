package io.pbft.lab.search;

import io.pbft.core.runtime.Defences;
import io.pbft.lab.oracle.Verdict;
import io.pbft.lab.play.Outcome;
import io.pbft.lab.play.Played;
import io.pbft.lab.play.Player;
import io.pbft.lab.play.Service;
import io.pbft.lab.scenario.Scenario;
import io.pbft.lab.sim.Choices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * Many random runs, on several threads; each follows from its seed alone. A run is a random
 * scenario, which a person can read, or, finer, a random list of choices.
 */
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
   * @param choices everything that was drawn, where the run was a list of choices
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
  private final Examiner examiner;
  private final long start = System.nanoTime();
  private final AtomicLong next;
  private final AtomicLong runs = new AtomicLong();
  private final AtomicLong bad = new AtomicLong();
  private final AtomicLong virtualMicros = new AtomicLong();
  private final AtomicLong events = new AtomicLong();
  private final AtomicLong completed = new AtomicLong();
  private final List<Wrong> wrong = Collections.synchronizedList(new ArrayList<>());

  /** Makes one run and adds it up; null when all is well. */
  private interface Examiner {
    Wrong examine(long seed, Swarm tally);
  }

  private Swarm(Plan plan, Examiner examiner) {
    this.plan = plan;
    this.examiner = examiner;
    this.next = new AtomicLong(plan.from());
  }

  /**
   * Runs the plan.
   *
   * @param settings for each seed
   */
  public static Report run(Plan plan, LongFunction<SwarmRun.Settings> settings, Defences defences)
      throws InterruptedException {
    return new Swarm(
            plan,
            (seed, swarm) ->
                examine(seed, Choices.seeded(seed), settings.apply(seed), defences, swarm::tally))
        .run();
  }

  /**
   * Runs the plan with a random scenario for each seed.
   *
   * @param settings for each seed
   */
  public static Report runScenarios(
      Plan plan, LongFunction<SwarmRun.Settings> settings, Defences defences)
      throws InterruptedException {
    return new Swarm(
            plan,
            (seed, swarm) ->
                examine(scenario(seed, settings.apply(seed)), seed, defences, swarm::tally))
        .run();
  }

  /** The random scenario of a seed. */
  public static Scenario scenario(long seed, SwarmRun.Settings settings) {
    return ScenarioDraw.draw(seed, settings);
  }

  /** Plays a scenario; null when nothing in it is violated. */
  public static Wrong examine(Scenario scenario, long seed, Defences defences) {
    return examine(scenario, seed, defences, played -> {});
  }

  private static Wrong examine(
      Scenario scenario, long seed, Defences defences, Consumer<Played> tally) {
    try {
      Played played = Player.play(scenario, seed, Service.registers(), defences);
      tally.accept(played);
      return played.findings().stream()
          .filter(finding -> finding.standing() == Outcome.Standing.VIOLATED)
          .findFirst()
          .map(f -> new Wrong(seed, f.claim().head(), f.toString(), new int[0]))
          .orElse(null);
    } catch (RuntimeException | Error e) {
      String what = e + " at " + Arrays.stream(e.getStackTrace()).limit(4).toList();
      return new Wrong(seed, e.getClass().getSimpleName(), what, new int[0]);
    }
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
      Wrong found = examiner.examine(seed, this);
      if (found != null && bad.incrementAndGet() <= KEPT) {
        wrong.add(found);
      }
    }
  }

  private void tally(Played played) {
    virtualMicros.addAndGet(played.micros());
    events.addAndGet(played.events());
    completed.addAndGet(played.completed());
  }

  private void tally(SwarmRun.Outcome outcome) {
    virtualMicros.addAndGet(outcome.virtualMicros());
    events.addAndGet(outcome.events());
    completed.addAndGet(outcome.completed());
  }
}
