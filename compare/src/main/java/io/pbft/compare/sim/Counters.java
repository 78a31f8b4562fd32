package io.pbft.compare.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Messages by purpose and type, sent and delivered, between replicas and with clients apart; and
 * each replica's load, which is what it sends to and receives from other replicas.
 *
 * <p>One message is one point-to-point send. A broadcast is n - 1, a delivery to oneself none.
 */
public final class Counters {
  /** Sent, and of these delivered. */
  public record Count(long sent, long delivered) {
    static final Count ZERO = new Count(0, 0);
  }

  /** A line of the count. */
  public record Type(Message.Purpose purpose, String name) implements Comparable<Type> {
    @Override
    public int compareTo(Type other) {
      int byPurpose = purpose.compareTo(other.purpose);
      return byPurpose != 0 ? byPurpose : name.compareTo(other.name);
    }
  }

  /** A message on its way, sent at a virtual time. */
  public record Hop(long atMicros, int from, int to, Message.Purpose purpose, String type) {}

  private final TreeMap<Type, Count> counts = new TreeMap<>();
  private final TreeMap<Integer, Long> load = new TreeMap<>();
  private final List<Hop> hops = new ArrayList<>();
  private LongSupplier clock;

  /** From now on keeps {@link #hops}, too, with their virtual times in microseconds. */
  public Counters timed(LongSupplier now) {
    clock = now;
    return this;
  }

  /** Messages that order, and the client's, in order of sending; none without a clock. */
  public List<Hop> hops() {
    return List.copyOf(hops);
  }

  /** Sent, whether or not it will arrive. */
  public void sent(int from, int to, Message.Purpose purpose, String type) {
    counts.merge(new Type(purpose, type), new Count(1, 0), Counters::sum);
    load(from, purpose);
    if (clock != null
        && (purpose == Message.Purpose.ORDERING || purpose == Message.Purpose.CLIENT)) {
      hops.add(new Hop(clock.getAsLong(), from, to, purpose, type));
    }
  }

  public void delivered(int from, int to, Message.Purpose purpose, String type) {
    counts.merge(new Type(purpose, type), new Count(0, 1), Counters::sum);
    load(to, purpose);
  }

  private void load(int node, Message.Purpose purpose) {
    if (purpose == Message.Purpose.ORDERING) {
      load.merge(node, 1L, Long::sum);
    }
  }

  private static Count sum(Count a, Count b) {
    return new Count(a.sent() + b.sent(), a.delivered() + b.delivered());
  }

  /** All counts, by purpose and type. */
  public Map<Type, Count> all() {
    return new TreeMap<>(counts);
  }

  public Count of(Message.Purpose purpose) {
    return counts.entrySet().stream()
        .filter(entry -> entry.getKey().purpose() == purpose)
        .map(Map.Entry::getValue)
        .reduce(Count.ZERO, Counters::sum);
  }

  public Count of(Message.Purpose purpose, String type) {
    return counts.getOrDefault(new Type(purpose, type), Count.ZERO);
  }

  /** Ordering messages that the busiest replica has sent and received. */
  public long busiest() {
    return load.values().stream().mapToLong(Long::longValue).max().orElse(0);
  }
}
