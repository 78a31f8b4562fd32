package io.pbft.lab.search;

import io.pbft.lab.oracle.Judge;
import io.pbft.lab.oracle.Verdict;
import io.pbft.lab.sim.Choices;
import io.pbft.lab.sim.Simulation;

/**
 * Twins (Bano et al., OPODIS 2021): one replica runs twice, with one key, and the network is
 * partitioned anew in each round. The twins are honest each by itself, so that what they do
 * together is equivocation, double votes and amnesia without a line of code for it. All schedules
 * of partitions into two blocks are enumerated, for each replica as the twin; since the primary of
 * view v is v mod n, that covers each position of the twin among the leaders.
 */
public final class Twins {
  private static final int N = 4;
  private static final int PLACES = N + 1;

  /** Ways to divide five places into at most two blocks: the first place is always in block 0. */
  public static final int PARTITIONS = 1 << (PLACES - 1);

  private static final long ROUND_MILLIS = 700;
  private static final int OPERATIONS = 12;

  private Twins() {}

  /**
   * What was enumerated.
   *
   * @param culprit the first schedule that went wrong, in words, or null
   */
  public record Report(long schedules, String culprit) {}

  /** How many schedules there are for so many rounds. */
  public static long schedules(int rounds) {
    return N * (long) Math.pow(PARTITIONS, rounds);
  }

  /**
   * Runs schedules.
   *
   * @param first number of the first schedule, from 0
   * @param step to the next: 1 for all
   * @param tentative whether replicas execute tentatively; a checkpoint is stable before the first
   *     round then
   */
  public static Report enumerate(int rounds, long first, long step, boolean tentative) {
    long count = 0;
    for (long number = first; number < schedules(rounds); number += step) {
      count++;
      Verdict verdict = run(number, rounds, tentative);
      if (!verdict.isGood()) {
        return new Report(count, "schedule " + number + " of " + rounds + " rounds: " + verdict);
      }
    }
    return new Report(count, null);
  }

  /** Runs one schedule; then the partition ends, the twins stay, and all must complete. */
  public static Verdict run(long schedule, int rounds, boolean tentative) {
    Simulation world =
        Simulation.builder()
            .config(SwarmRun.config(N).toBuilder().tentativeExecution(tentative).build())
            .clients(2)
            .choices(Choices.seeded(schedule))
            .twin((int) (schedule % N))
            .build();
    Judge judge = Judge.of(world);
    if (tentative) {
      Tentative.prepare(world);
    }
    Workload load = Workload.start(world, OPERATIONS, 0.1);
    long left = schedule / N;
    for (int round = 0; round < rounds; round++) {
      world.network().partition(blocks((int) (left % PARTITIONS)));
      left /= PARTITIONS;
      world.run(ROUND_MILLIS);
    }
    world.network().heal();
    judge.faultsEnded();
    world.runUntil(
        () -> (load.isDone() && judge.isAllDecided()) || judge.hasViolations(),
        (load.left() + 1) * judge.boundMillis());
    return judge.verdict();
  }

  private static int[] blocks(int partition) {
    int[] blocks = new int[PLACES];
    for (int place = 1; place < PLACES; place++) {
      blocks[place] = partition >> (place - 1) & 1;
    }
    return blocks;
  }
}
