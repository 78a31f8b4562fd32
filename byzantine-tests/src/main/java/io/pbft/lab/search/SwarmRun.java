package io.pbft.lab.search;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.codec.Limits;
import io.pbft.core.runtime.Defences;
import io.pbft.core.validation.AuthenticationMode;
import io.pbft.crypto.Digest;
import io.pbft.lab.oracle.Judge;
import io.pbft.lab.oracle.Verdict;
import io.pbft.lab.sim.Choices;
import io.pbft.lab.sim.Simulation;
import io.pbft.lab.traitor.MutationWalker;

/**
 * One random run: a cluster, up to f random traitors, a workload and a mix of faults, all drawn
 * from the choices. Then the faults end, the traitors stay, and everything must complete within the
 * bound.
 */
public final class SwarmRun {
  /**
   * What is not left to chance.
   *
   * @param n replicas, 0 to draw it
   * @param operations that the clients ask for in all
   * @param macOnly never sign everything
   * @param disks whether disks are drawn for a third of the runs
   */
  public record Settings(int n, int operations, boolean macOnly, boolean disks) {
    /** Everything is drawn. */
    public static final Settings ALL = new Settings(0, 100, false, true);

    /** Four replicas with MACs and without disks: the fast case. */
    public static final Settings FOUR = new Settings(4, 100, true, false);
  }

  /**
   * What came of it.
   *
   * @param story the run in a line
   * @param choices everything that was drawn: {@link Choices#replay} it to see the run again
   */
  public record Outcome(
      String story,
      Verdict verdict,
      Digest fingerprint,
      long virtualMicros,
      long events,
      long completed,
      int[] choices) {}

  private static final int[] SIZES = {4, 5, 6, 7};
  private static final int CLIENTS = 3;
  private static final long SLICE_MILLIS = 1_000;

  private final Choices choices;

  /**
   * Batches below h: less than a replica may fall behind, so that both ways of catching up occur.
   */
  private static final int HISTORY = 64;

  private final Settings settings;
  private final Defences defences;

  private SwarmRun(Choices choices, Settings settings, Defences defences) {
    this.choices = choices;
    this.settings = settings;
    this.defences = defences;
  }

  /** Runs it. An exception is a failure of the code under test, or of the lab. */
  public static Outcome run(Choices choices, Settings settings) {
    return run(choices, settings, Defences.ALL);
  }

  /** As the other, with replicas some of whose defences are down. */
  public static Outcome run(Choices choices, Settings settings, Defences defences) {
    return new SwarmRun(choices, settings, defences).run();
  }

  /** Frequent checkpoints, short timers, small frames. */
  static ProtocolConfig config(int n) {
    Limits limits = new Limits(256 * 1024, 4 * 1024, 4 * 1024, 32, 64 * 1024);
    return ProtocolConfig.of(n).toBuilder()
        .checkpointInterval(8)
        .logWindow(32)
        .history(0)
        .pipeline(4)
        .clientWindow(64)
        .sessionsPerClient(8)
        .requestTimeoutMillis(300)
        .viewChangeTimeoutMillis(400)
        .viewChangeTimeoutCapMillis(5_000)
        .statusIntervalMillis(50)
        .limits(limits)
        .build();
  }

  /** Logs that a few batches fill. */
  private static ProtocolConfig tight(ProtocolConfig usual) {
    Limits limits = usual.limits();
    return usual.toBuilder()
        .logBytes(0)
        .limits(new Limits(limits.frameBytes(), 512, limits.resultBytes(), 4, 512))
        .build();
  }

  private Outcome run() {
    int n = settings.n() > 0 ? settings.n() : SIZES[choices.weighted(4, 2, 1, 1)];
    int f = (n - 1) / 3;
    boolean disks = settings.disks() && choices.weighted(2, 1) == 1;
    boolean signs = !settings.macOnly() && choices.weighted(7, 1) == 1;
    int traitors = choices.below(f + 1);
    int firstTraitor = choices.below(n);
    double lies = choices.below(60) / 100.0;
    int history = choices.weighted(1, 1) == 0 ? 0 : HISTORY;
    boolean tentative = choices.weighted(1, 1) == 1;
    boolean tight = choices.weighted(3, 1) == 1;
    Simulation world =
        Simulation.builder()
            .config(
                (tight ? tight(config(n)) : config(n))
                    .toBuilder().history(history).tentativeExecution(tentative).build())
            .mode(signs ? AuthenticationMode.SIGNATURE : AuthenticationMode.MAC)
            .clients(CLIENTS)
            .choices(choices)
            .disks(disks)
            .defences(id -> defences)
            .traitors(
                id ->
                    (id - firstTraitor + n) % n < traitors
                        ? core -> new MutationWalker(core, id, n, choices, lies)
                        : null)
            .build();
    Judge judge = Judge.of(world);
    Faults faults = new Faults(world, disks);
    Workload load = Workload.start(world, settings.operations(), choices.below(40) / 100.0);
    int phases = choices.below(5);
    for (int i = 0; i < phases; i++) {
      faults.phase();
    }
    lose(world, (firstTraitor + traitors) % n, choices.below(f - traitors + 1));
    judge.faultsEnded();
    finish(world, judge, load);
    String story =
        "n="
            + n
            + " traitors="
            + world.traitors()
            + (disks ? " disks" : "")
            + (signs ? " signatures" : "")
            + (tentative ? " tentative" : "")
            + (tight ? " tight" : "")
            + " phases="
            + phases
            + " "
            + faults;
    return new Outcome(
        story,
        judge.verdict(),
        world.fingerprint(),
        world.elapsedMicros(),
        world.events(),
        judge.history().completed(),
        choices.drawn());
  }

  /** Some replicas more die for good, or come back without their memory; together at most f. */
  private void lose(Simulation world, int first, int count) {
    for (int i = 0; i < count; i++) {
      int victim = (first + i) % world.config().n();
      world.crash(victim);
      if (choices.chance(0.5)) {
        world.run(choices.below(1_000));
        world.restartWithoutMemory(victim);
      }
    }
  }

  /** Until all is done; a run that does not get there goes on until that is a violation. */
  private static void finish(Simulation world, Judge judge, Workload load) {
    long left = (load.left() + 1) * judge.boundMillis();
    while (left > 0 && !load.isDone() && !isHopeless(world, judge)) {
      world.runUntil(load::isDone, SLICE_MILLIS);
      left -= SLICE_MILLIS;
    }
    world.run(SLICE_MILLIS);
    world.runUntil(
        () -> judge.isAllDecided() || !judge.violations().isEmpty(), judge.boundMillis() + 1);
  }

  private static boolean isHopeless(Simulation world, Judge judge) {
    if (!judge.violations().isEmpty()) {
      return true;
    }
    for (int c = 0; c < world.clientCount(); c++) {
      for (var waiting : world.client(c).unanswered()) {
        long since = Math.max(waiting.atMicros(), judge.faultsEndedAtMicros());
        if (world.elapsedMicros() - since > (judge.boundMillis() + SLICE_MILLIS) * 1000) {
          return true;
        }
      }
    }
    return false;
  }
}
