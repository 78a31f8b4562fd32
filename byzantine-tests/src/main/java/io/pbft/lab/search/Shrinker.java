package io.pbft.lab.search;

import java.util.Arrays;
import java.util.function.Predicate;

/**
 * Makes a list of choices that goes wrong plainer, as long as it still goes wrong (delta debugging,
 * Zeller and Hildebrandt, TSE 2002, on the choices instead of the input, as Hypothesis does): cuts
 * off its end, takes pieces out, turns pieces into zeros, and makes single numbers smaller. Zero is
 * the plainest outcome of each choice, and what follows the list is zeros, so a shorter list and
 * smaller numbers are a run with less in it.
 */
public final class Shrinker {
  /**
   * What is left.
   *
   * @param choices still goes wrong
   * @param runs how many runs it took
   */
  public record Shrunk(int[] choices, int runs) {}

  private final Predicate<int[]> goesWrong;
  private final int maxRuns;
  private int[] best;
  private int runs;

  private Shrinker(int[] list, Predicate<int[]> goesWrong, int maxRuns) {
    this.best = withoutZeroTail(list);
    this.goesWrong = goesWrong;
    this.maxRuns = maxRuns;
  }

  /**
   * Shrinks.
   *
   * @param list goes wrong
   * @param goesWrong whether another one does, in the same way
   * @param maxRuns where to stop, plain enough or not
   */
  public static Shrunk shrink(int[] list, Predicate<int[]> goesWrong, int maxRuns) {
    Shrinker shrinker = new Shrinker(list, goesWrong, maxRuns);
    int[] before;
    do {
      before = shrinker.best;
      shrinker.cutEnd();
      shrinker.pieces(true);
      shrinker.pieces(false);
      shrinker.numbers();
    } while (shrinker.hasBudget() && !Arrays.equals(before, shrinker.best));
    return new Shrunk(shrinker.best.clone(), shrinker.runs);
  }

  private boolean hasBudget() {
    return runs < maxRuns;
  }

  private boolean accept(int[] candidate) {
    int[] trimmed = withoutZeroTail(candidate);
    if (!hasBudget() || Arrays.equals(trimmed, best)) {
      return false;
    }
    runs++;
    if (!goesWrong.test(trimmed)) {
      return false;
    }
    best = trimmed;
    return true;
  }

  private static int[] withoutZeroTail(int[] list) {
    int length = list.length;
    while (length > 0 && list[length - 1] == 0) {
      length--;
    }
    return Arrays.copyOf(list, length);
  }

  /** Halves what is left to cut, from large to small. */
  private void cutEnd() {
    int cut = best.length;
    while (cut > 0 && hasBudget()) {
      boolean shorter = cut <= best.length && accept(Arrays.copyOf(best, best.length - cut));
      cut = shorter ? cut : cut / 2;
    }
  }

  private void pieces(boolean zero) {
    for (int size = Math.max(1, best.length / 2); size > 0 && hasBudget(); size /= 2) {
      int at = 0;
      while (at < best.length && hasBudget()) {
        int end = Math.min(best.length, at + size);
        boolean shorter = accept(zero ? zeroed(at, end) : without(at, end));
        at = shorter && !zero ? at : at + size;
      }
    }
  }

  private int[] zeroed(int from, int to) {
    int[] list = best.clone();
    Arrays.fill(list, from, to, 0);
    return list;
  }

  private int[] without(int from, int to) {
    int[] list = new int[best.length - (to - from)];
    System.arraycopy(best, 0, list, 0, from);
    System.arraycopy(best, to, list, from, best.length - to);
    return list;
  }

  /** Makes each number as small as bisection gets it. */
  private void numbers() {
    for (int at = 0; at < best.length && hasBudget(); at++) {
      int low = 0;
      while (at < best.length && low < best[at] && hasBudget()) {
        int[] list = best.clone();
        list[at] = low + (best[at] - low) / 2;
        if (!accept(list)) {
          low = list[at] + 1;
        }
      }
    }
  }
}
