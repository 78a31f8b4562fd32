package io.pbft.compare.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * n nodes and their clients in virtual time.
 *
 * @see Oracle what it checks, throwing where it breaks
 */
public final class World {
  private static final class Life {
    Node node;
    boolean up;

    /** Effects that are still carried out; then the node dies. Negative: it does not. */
    int effectsLeft = -1;

    final List<Fact> journal = new ArrayList<>();
    final TreeMap<String, Long> timers = new TreeMap<>();
  }

  private final int nodes;
  private final IntFunction<Node> makeNode;
  private final EventQueue queue = new EventQueue();
  private final Network network;
  private Counters counters = new Counters().timed(queue::now);
  private final Oracle oracle;
  private final List<Life> lives = new ArrayList<>();
  private final List<Client> clients = new ArrayList<>();
  private long generation;
  private long lastDeliveryMicros;
  private long steps;

  /**
   * @param makeNode a fresh node, without memory, for an id
   */
  public World(int nodes, long seed, IntFunction<Node> makeNode) {
    this.nodes = nodes;
    this.makeNode = makeNode;
    this.network = new Network(new SplittableRandom(seed));
    this.oracle = new Oracle(nodes);
    for (int i = 0; i < nodes; i++) {
      lives.add(new Life());
    }
    for (int i = 0; i < nodes; i++) {
      start(i);
    }
  }

  public int nodes() {
    return nodes;
  }

  public Network network() {
    return network;
  }

  public Counters counters() {
    return counters;
  }

  /** The counts since the last time; they begin anew. */
  public Counters takeCounters() {
    Counters taken = counters;
    counters = new Counters().timed(queue::now);
    return taken;
  }

  /** Microseconds since the beginning. */
  public long now() {
    return queue.now();
  }

  EventQueue queue() {
    return queue;
  }

  /** Events that nodes have dealt with. */
  public long steps() {
    return steps;
  }

  /** A further client, which first turns to that node. */
  public Client client(int firstNode) {
    Client client = new Client(this, nodes + clients.size(), firstNode);
    clients.add(client);
    return client;
  }

  public boolean isUp(int node) {
    return lives.get(node).up;
  }

  private void start(int node) {
    Life life = lives.get(node);
    life.node = makeNode.apply(node);
    life.up = true;
    life.effectsLeft = -1;
    life.timers.clear();
    oracle.onStarted(node);
    step(node, new Event.Started(List.copyOf(life.journal)));
  }

  /** Kills a node between two events. */
  public void crash(int node) {
    lives.get(node).up = false;
  }

  /**
   * Kills a node after that many further effects, in the middle of a step perhaps; a negative
   * number calls it off.
   */
  public void crashAfter(int node, int effects) {
    lives.get(node).effectsLeft = effects;
  }

  /** Starts a crashed node again, with what it had persisted. */
  public void restart(int node) {
    if (!isUp(node)) {
      start(node);
    }
  }

  /** A control: starts a crashed node again, without what it had persisted. */
  public void restartWithoutMemory(int node) {
    lives.get(node).journal.clear();
    restart(node);
  }

  private void step(int node, Event event) {
    Life life = lives.get(node);
    steps++;
    for (Effect effect : life.node.step(event)) {
      if (life.effectsLeft == 0) {
        life.up = false;
        return;
      }
      life.effectsLeft--;
      perform(node, life, effect);
    }
  }

  private void perform(int node, Life life, Effect effect) {
    if (effect instanceof Effect.Send e) {
      send(node, e.to(), e.message());
    } else if (effect instanceof Effect.Persist e) {
      life.journal.add(e.fact());
    } else if (effect instanceof Effect.Arm e) {
      arm(node, life, e);
    } else if (effect instanceof Effect.Cancel e) {
      life.timers.remove(e.timer());
    } else if (effect instanceof Effect.Deliver e) {
      lastDeliveryMicros = now();
      oracle.onDelivered(node, e.slot(), e.command());
    }
  }

  private void arm(int node, Life life, Effect.Arm arm) {
    long mine = generation++;
    life.timers.put(arm.timer(), mine);
    queue.in(
        arm.delayMicros(),
        () -> {
          Long current = life.timers.get(arm.timer());
          if (life.up && current != null && current == mine) {
            life.timers.remove(arm.timer());
            step(node, new Event.TimerFired(arm.timer()));
          }
        });
  }

  void send(int from, int to, Message message) {
    if (message instanceof Message.Request request) {
      oracle.onAsked(request.command());
    }
    counters.sent(from, to, message.purpose(), message.type());
    for (int copies = network.copies(from, to); copies > 0; copies--) {
      queue.in(network.latency(), () -> deliver(from, to, message));
    }
  }

  private void deliver(int from, int to, Message message) {
    if (to >= nodes) {
      counters.delivered(from, to, message.purpose(), message.type());
      clients.get(to - nodes).receive(message);
    } else if (isUp(to)) {
      counters.delivered(from, to, message.purpose(), message.type());
      step(to, new Event.Delivered(from, message));
    }
  }

  void onReply(Message.Reply reply) {
    oracle.onReply(reply);
  }

  /** Lets time pass. */
  public void run(long micros) {
    queue.run(micros);
  }

  /** Lets time pass until the condition holds; false if it still doesn't after {@code micros}. */
  public boolean runUntil(BooleanSupplier condition, long micros) {
    long end = queue.now() + micros;
    while (!condition.getAsBoolean()) {
      if (!queue.runNextBefore(end)) {
        return false;
      }
    }
    return true;
  }

  /** Whether every node that is up has delivered all that anybody has. */
  public boolean allCaughtUp() {
    for (int i = 0; i < nodes; i++) {
      if (isUp(i) && oracle.deliveredBy(i) < oracle.decided()) {
        return false;
      }
    }
    return true;
  }

  /** Places in the order that were ever delivered. */
  public int decided() {
    return oracle.decided();
  }

  /** Places that a node has delivered in its present life. */
  public int deliveredBy(int node) {
    return oracle.deliveredBy(node);
  }

  /** What that node has delivered in its present life, in order. */
  public List<Command> log(int node) {
    return oracle.log(node);
  }

  /** Takes the oracle's violations from now on, instead of their being thrown. */
  public World onViolation(Consumer<String> value) {
    oracle.onViolation(value);
    return this;
  }

  /** When a node has last delivered anything. */
  public long lastDeliveryMicros() {
    return lastDeliveryMicros;
  }

  /** After all have caught up: nothing acknowledged is missing anywhere. */
  public void checkDurable() {
    for (int i = 0; i < nodes; i++) {
      if (isUp(i)) {
        oracle.checkDurable(i);
      }
    }
  }
}
