package io.pbft.lab.sim;

import io.pbft.crypto.Principal;
import java.util.ArrayList;
import java.util.List;
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

  /** The delay of a payload that never arrives. */
  public static final long LOST = -1;

  private static final Filter NO_FILTER = (from, to, type) -> true;

  private final EventQueue queue;
  private final Choices choices;
  private final Listeners listeners;
  private final TreeMap<Principal, List<Node>> nodes = new TreeMap<>();
  private final TreeSet<Link> cut = new TreeSet<>();
  private Filter filter = NO_FILTER;
  private Tamper tamper = (from, to, payload) -> false;
  private int[] blocks = new int[0];
  private long[] delays = new long[0];
  private long minLatencyMicros = 100;
  private long maxLatencyMicros = 1_000;
  private double loss;
  private double duplication;
  private long sent;
  private long dropped;

  Network(EventQueue queue, Choices choices, Listeners listeners) {
    this.queue = queue;
    this.choices = choices;
    this.listeners = listeners;
  }

  void attach(Node node) {
    nodes.computeIfAbsent(node.principal(), p -> new ArrayList<>()).add(node);
  }

  void detach(Node node) {
    nodes.get(node.principal()).remove(node);
  }

  /**
   * Each payload takes one of these times, the first where nothing else is drawn; {@link #LOST}
   * among them means that it does not arrive. For searches that enumerate what can happen.
   */
  public Network delays(long... micros) {
    delays = micros.clone();
    return this;
  }

  /**
   * Divides the replicas into blocks that do not hear each other, until the next call; an empty
   * array ends it. Clients reach all.
   *
   * @param blockOf the block of each place: of each replica by its id, then of second copies
   */
  public Network partition(int... blockOf) {
    blocks = blockOf.clone();
    return this;
  }

  private boolean areTogether(Node one, Node other) {
    return blocks.length == 0
        || one.place() == Node.EVERYWHERE
        || other.place() == Node.EVERYWHERE
        || blocks[one.place()] == blocks[other.place()];
  }

  /** Each payload takes a time between these, drawn anew. */
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

  /** Ends loss, duplication, filters, cuts, partitions and enumerated delays. */
  public void heal() {
    cut.clear();
    blocks = new int[0];
    delays = new long[0];
    loss = 0;
    duplication = 0;
    filter = NO_FILTER;
  }

  /** Whether payloads are being lost beside those of links that are cut. */
  public boolean isLossy() {
    return loss > 0 || filter != NO_FILTER || blocks.length > 0;
  }

  /** Whether a link from or to another replica is cut. */
  public boolean isCutOff(int replica) {
    Principal self = Principal.replica(replica);
    return cut.stream().anyMatch(link -> link.from().equals(self) || link.to().equals(self));
  }

  /** The longest delay that a payload can have now. */
  public long longestDelayMicros() {
    return maxLatencyMicros;
  }

  /** Payloads handed to the network since the start. */
  public long sent() {
    return sent;
  }

  /** Of these, lost on the way. */
  public long dropped() {
    return dropped;
  }

  /** Hands a payload to its receiver at once, past all faults. */
  void deliverNow(Principal from, Principal to, byte[] payload) {
    for (Node node : List.copyOf(nodes.getOrDefault(to, List.of()))) {
      node.receive(from, payload);
    }
  }

  /** Sends over the link of a principal, if it has one now. */
  void send(Principal from, Principal to, byte[] payload) {
    List<Node> senders = nodes.getOrDefault(from, List.of());
    if (!senders.isEmpty()) {
      send(senders.get(0), to, payload);
    }
  }

  void send(Node from, Principal to, byte[] payload) {
    if (tamper.takes(from.principal(), to, payload)) {
      return;
    }
    List<Node> receivers = nodes.get(to);
    for (int i = 0; receivers != null && i < receivers.size(); i++) {
      send(from, receivers.get(i), payload);
    }
  }

  private void send(Node from, Node to, byte[] payload) {
    sent++;
    int type = payload[1 + (payload[0] & 0xff)];
    Principal sender = from.principal();
    Principal receiver = to.principal();
    boolean lost =
        (!cut.isEmpty() && cut.contains(new Link(sender, receiver)))
            || !areTogether(from, to)
            || !filter.passes(sender, receiver, type)
            || choices.chance(loss);
    long delay = lost ? LOST : delay();
    if (delay == LOST) {
      dropped++;
      listeners.tell(l -> l.onLost(queue.now(), sender, receiver, type, payload));
      return;
    }
    deliver(sender, to, payload, delay);
    if (choices.chance(duplication)) {
      deliver(sender, to, payload, delay());
    }
  }

  private long delay() {
    return delays.length == 0
        ? choices.between(minLatencyMicros, maxLatencyMicros)
        : delays[choices.below(delays.length)];
  }

  /** What is on its way reaches whoever is at the place by then, perhaps in a later life. */
  private void deliver(Principal from, Node to, byte[] payload, long delay) {
    queue.in(
        Math.max(0, delay),
        () -> {
          for (Node node : List.copyOf(nodes.get(to.principal()))) {
            if (node.place() == to.place()) {
              node.receive(from, payload);
            }
          }
        });
  }
}
