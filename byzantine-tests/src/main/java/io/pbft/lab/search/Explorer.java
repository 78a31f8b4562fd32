package io.pbft.lab.search;

import io.pbft.lab.sim.Choices;
import java.util.Arrays;
import java.util.function.Predicate;

/**
 * Runs everything that can happen within a bound: all lists of choices that depart from the
 * plainest run, the one of zeros, at no more than {@code departures} of the first {@code depth}
 * choices. Where the choices are the fates of messages, that is every way to delay or lose that
 * many of them. Exhaustive within the bound, since each run tells how many values each of its
 * choices had.
 */
public final class Explorer {
  /**
   * What was explored.
   *
   * @param runs how many different lists
   * @param complete whether these were all within the bound, and not only as many as allowed
   * @param culprit the choices of the first run that went wrong, or null
   */
  public record Report(long runs, boolean complete, int[] culprit) {}

  private final Predicate<Choices> run;
  private final int depth;
  private final long maxRuns;
  private long runs;
  private int[] culprit;

  private Explorer(Predicate<Choices> run, int depth, long maxRuns) {
    this.run = run;
    this.depth = depth;
    this.maxRuns = maxRuns;
  }

  /**
   * Explores.
   *
   * @param run runs by the choices; false when that went wrong, which ends the search
   * @param depth how many choices of a run may depart, from its start; those of one value are none
   */
  public static Report explore(Predicate<Choices> run, int departures, int depth, long maxRuns) {
    Explorer explorer = new Explorer(run, depth, maxRuns);
    boolean complete = explorer.explore(new int[0], departures);
    return new Report(explorer.runs, complete, explorer.culprit);
  }

  /** Runs the list, and all that depart from it later. False when it had to stop. */
  private boolean explore(int[] list, int left) {
    if (runs >= maxRuns) {
      return false;
    }
    runs++;
    Choices choices = Choices.replay(list);
    if (!run.test(choices)) {
      culprit = choices.drawn();
      return false;
    }
    if (left == 0) {
      return true;
    }
    int[] bounds = choices.bounds();
    int end = end(bounds);
    for (int at = list.length; at < end; at++) {
      for (int value = 1; value < bounds[at]; value++) {
        int[] longer = Arrays.copyOf(list, at + 1);
        longer[at] = value;
        if (!explore(longer, left - 1)) {
          return false;
        }
      }
    }
    return true;
  }

  /** The position behind the last choice that may depart. */
  private int end(int[] bounds) {
    int end = 0;
    for (int open = 0; end < bounds.length && open < depth; end++) {
      open += bounds[end] > 1 ? 1 : 0;
    }
    return end;
  }
}
