package io.pbft.lab.sim;

import io.pbft.crypto.Principal;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Links between all nodes. By default each payload takes a random time between the bounds, so
 * messages overtake each other; loss, duplication and partitions come on top.
 */
public final class Network {
  private record Link(Principal from, Principal to) implements Comparable<Link> {
    @Override
    public int compareTo(Link other) {
      int byFrom = from.compareTo(other.from);
      return byFrom != 0 ? byFrom : to.compareTo(other.to);
    }
  }

  /** Looks at each payload before it is sent. */
  public interface Filter {
    /** Whether the payload may pass; {@code type} is its message type's tag. */
    boolean passes(Principal from, Principal to, int type);
  }

  /** May take a payload away before the network sees it, and deliver it otherwise or never. */
  public interface Tamper {
    /** True when the payload is taken. */
    boolean takes(Principal from, Principal to, byte[] payload);
  }

  private final EventQueue queue;
  private final SplittableRandom random;
  private final TreeMap<Principal, Node> nodes = new TreeMap<>();
  private final TreeSet<Link> cut = new TreeSet<>();
  private Filter filter = (from, to, type) -> true;
  private Tamper tamper = (from, to, payload) -> false;
  private long minLatencyMicros = 100;
  private long maxLatencyMicros = 1_000;
  private double loss;
  private double duplication;
  private long sent;
  private long dropped;

  Network(EventQueue queue, SplittableRandom random) {
    this.queue = queue;
    this.random = random;
  }

  void attach(Node node) {
    nodes.put(node.principal(), node);
  }

  void detach(Principal principal) {
    nodes.remove(principal);
  }

  public Network latency(long fromMicros, long toMicros) {
    minLatencyMicros = fromMicros;
    maxLatencyMicros = toMicros;
    return this;
  }

  /** Probability that a payload is lost. */
  public Network loss(double probability) {
    loss = probability;
    return this;
  }

  /** Probability that a payload arrives twice. */
  public Network duplication(double probability) {
    duplication = probability;
    return this;
  }

  public Network filter(Filter each) {
    filter = each;
    return this;
  }

  public Network tamper(Tamper each) {
    tamper = each;
    return this;
  }

  /** Cuts one direction of one link. */
  public void cut(Principal from, Principal to) {
    cut.add(new Link(from, to));
  }

  /** Cuts a replica off from the others in both directions, not from clients. */
  public void isolate(int replica, int n) {
    for (int other = 0; other < n; other++) {
      if (other != replica) {
        cut(Principal.replica(replica), Principal.replica(other));
        cut(Principal.replica(other), Principal.replica(replica));
      }
    }
  }

  /** Ends loss, duplication, filters and cuts. */
  public void heal() {
    cut.clear();
    loss = 0;
    duplication = 0;
    filter = (from, to, type) -> true;
  }

  /** Payloads handed to the network since the start. */
  public long sent() {
    return sent;
  }

  /** Of these, lost on the way. */
  public long dropped() {
    return dropped;
  }

  void deliverNow(Principal from, Principal to, byte[] payload) {
    Node node = nodes.get(to);
    if (node != null) {
      node.receive(from, payload);
    }
  }

  void send(Principal from, Principal to, byte[] payload) {
    if (tamper.takes(from, to, payload)) {
      return;
    }
    sent++;
    int type = payload[1 + (payload[0] & 0xff)];
    boolean lost =
        random.nextDouble() < loss
            || cut.contains(new Link(from, to))
            || !filter.passes(from, to, type);
    if (lost) {
      dropped++;
      return;
    }
    deliverLater(from, to, payload);
    if (random.nextDouble() < duplication) {
      deliverLater(from, to, payload);
    }
  }

  private void deliverLater(Principal from, Principal to, byte[] payload) {
    long delay = random.nextLong(minLatencyMicros, maxLatencyMicros + 1);
    queue.in(delay, () -> deliverNow(from, to, payload));
  }
}
