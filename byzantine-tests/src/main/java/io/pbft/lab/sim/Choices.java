package io.pbft.lab.sim;

import java.util.Arrays;

/**
 * The one list from which a run draws everything that is left to chance: delays, losses, faults,
 * the workload, what a random traitor does. A run is a pure function of its configuration and this
 * list, so the list is what is replayed, shrunk, enumerated and fuzzed.
 *
 * <p>A choice is a number from 0 up to a bound that the asker gives. By convention 0 is the
 * plainest outcome (the shortest delay, nothing lost, no fault), so that a list of zeros, or an
 * empty one, is an undisturbed run, and a shrinker makes runs plainer by making numbers smaller.
 *
 * <p>What was drawn is recorded. The generator is SplitMix64, written out here, so that a seed
 * means the same under every JDK. Not thread safe.
 */
public final class Choices {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;
  private static final int CHANCE_STEPS = 1 << 20;

  private final int[] given;
  private final boolean random;
  private long state;
  private int[] drawn = new int[256];
  private int[] bounds = new int[256];
  private int size;

  private Choices(int[] given, boolean random, long seed) {
    this.given = given;
    this.random = random;
    this.state = seed;
  }

  /** Drawn at random; the same for the same seed. */
  public static Choices seeded(long seed) {
    return new Choices(new int[0], true, seed);
  }

  /** The list, and zeros when it has ended. A number beyond its bound counts modulo the bound. */
  public static Choices replay(int[] list) {
    return new Choices(list.clone(), false, 0);
  }

  /** The list, and what a seed gives when it has ended. */
  public static Choices replay(int[] list, long seedOfTail) {
    return new Choices(list.clone(), true, seedOfTail);
  }

  /**
   * The next choice.
   *
   * @param bound above 0
   * @return from 0 to {@code bound - 1}
   */
  public int below(int bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("a choice needs a positive bound, not " + bound);
    }
    int value;
    if (size < given.length) {
      value = Math.floorMod(given[size], bound);
    } else {
      value = random ? (int) ((next() >>> 33) % bound) : 0;
    }
    record(value, bound);
    return value;
  }

  /** A number from {@code least} to {@code most}, both included and less than 2^31 apart. */
  public long between(long least, long most) {
    return least + below(Math.toIntExact(most - least + 1));
  }

  /**
   * Whether something of this probability happens. Nothing is drawn for a certainty, so that faults
   * that are switched off take no room in the list.
   */
  public boolean chance(double probability) {
    if (probability <= 0) {
      return false;
    }
    return probability >= 1 || below(CHANCE_STEPS) >= (1 - probability) * CHANCE_STEPS;
  }

  /** One of the indexes of {@code weights}, in proportion; 0 is the plainest. */
  public int weighted(int... weights) {
    int left = below(Arrays.stream(weights).sum());
    int index = 0;
    while (left >= weights[index]) {
      left -= weights[index++];
    }
    return index;
  }

  /** How many choices were drawn so far. */
  public int size() {
    return size;
  }

  /** What was drawn so far, fit for {@link #replay}. */
  public int[] drawn() {
    return Arrays.copyOf(drawn, size);
  }

  /** The bound of each choice drawn so far: what an exhaustive search counts through. */
  public int[] bounds() {
    return Arrays.copyOf(bounds, size);
  }

  private void record(int value, int bound) {
    if (size == drawn.length) {
      drawn = Arrays.copyOf(drawn, 2 * size);
      bounds = Arrays.copyOf(bounds, 2 * size);
    }
    drawn[size] = value;
    bounds[size] = bound;
    size++;
  }

  private long next() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /** The finaliser of SplitMix64: every bit of the result depends on every bit of the argument. */
  static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
