package io.pbft.compare.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What must hold of crash-tolerant agreement, whatever the network and the crashes do. */
final class Oracle {
  private final TreeMap<Long, Command> decided = new TreeMap<>();
  private final TreeSet<String> asked = new TreeSet<>();
  private final TreeMap<String, Command> acknowledged = new TreeMap<>();
  private final List<List<Command>> delivered = new ArrayList<>();
  private Consumer<String> onViolation =
      violation -> {
        throw new AssertionError(violation);
      };

  Oracle(int nodes) {
    for (int i = 0; i < nodes; i++) {
      delivered.add(new ArrayList<>());
    }
  }

  /** Takes violations from now on, instead of their being thrown. */
  void onViolation(Consumer<String> value) {
    onViolation = value;
  }

  /** What that node has delivered in this life, in order. */
  List<Command> log(int node) {
    return List.copyOf(delivered.get(node));
  }

  /** A client asks for it. */
  void onAsked(Command command) {
    asked.add(command.toString());
  }

  /** A node's memory is gone: it delivers from the beginning again. */
  void onStarted(int node) {
    delivered.get(node).clear();
  }

  void onDelivered(int node, long slot, Command command) {
    List<Command> log = delivered.get(node);
    require(
        slot == log.size() + 1,
        () -> "order: node " + node + " delivers place " + slot + " after " + log.size());
    log.add(command);
    Command first = decided.putIfAbsent(slot, command);
    require(
        first == null || first.equals(command),
        () ->
            "agreement: node "
                + node
                + " delivers "
                + command
                + " at place "
                + slot
                + ", another has delivered "
                + first);
    require(
        command.equals(Command.NOTHING) || asked.contains(command.toString()),
        () -> "validity: nobody has asked for " + command);
  }

  /** A client is told that its command is decided, or which other is. */
  void onReply(Message.Reply reply) {
    acknowledged.put(reply.asked().toString(), reply.decided());
    require(
        decided.containsValue(reply.decided()),
        () -> "durability: nobody has delivered the acknowledged " + reply.decided());
  }

  /** How many places that node has delivered in this life. */
  int deliveredBy(int node) {
    return delivered.get(node).size();
  }

  /** How many places anybody has delivered. */
  int decided() {
    return decided.size();
  }

  /** That node, which has caught up, has every acknowledged command. */
  void checkDurable(int node) {
    for (Command command : acknowledged.values()) {
      require(
          delivered.get(node).contains(command),
          () -> "durability: node " + node + " has not delivered the acknowledged " + command);
    }
  }

  private void require(boolean condition, Supplier<String> message) {
    if (!condition) {
      onViolation.accept(message.get());
    }
  }
}
