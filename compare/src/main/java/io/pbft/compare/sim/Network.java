package io.pbft.compare.sim;

import java.util.SplittableRandom;
import java.util.TreeSet;

/** Whether and how late messages arrive. Clients are never cut off, but lose as others do. */
public final class Network {
  private final SplittableRandom random;
  private final TreeSet<Long> cut = new TreeSet<>();
  private long minLatencyMicros = 1_000;
  private long maxLatencyMicros = 1_000;
  private double loss;
  private double duplication;

  Network(SplittableRandom random) {
    this.random = random;
  }

  /** Each message takes its own time between the bounds, so that they overtake each other. */
  public void latency(long fromMicros, long toMicros) {
    minLatencyMicros = fromMicros;
    maxLatencyMicros = toMicros;
  }

  /** Probability that a message is lost. */
  public void loss(double probability) {
    loss = probability;
  }

  /** Probability that a message arrives twice. */
  public void duplication(double probability) {
    duplication = probability;
  }

  /** Cuts one direction of one link. */
  public void cut(int from, int to) {
    cut.add(link(from, to));
  }

  /** Ends loss, duplication and cuts; latencies stay. */
  public void heal() {
    cut.clear();
    loss = 0;
    duplication = 0;
  }

  private static long link(int from, int to) {
    return (long) from << 32 | to;
  }

  /** How often a message arrives: 0, 1 or 2 times. */
  int copies(int from, int to) {
    boolean lost = random.nextDouble() < loss || cut.contains(link(from, to));
    return lost ? 0 : random.nextDouble() < duplication ? 2 : 1;
  }

  long latency() {
    return random.nextLong(minLatencyMicros, maxLatencyMicros + 1);
  }
}
