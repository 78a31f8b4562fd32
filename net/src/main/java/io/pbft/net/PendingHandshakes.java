package io.pbft.net;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Connections of strangers, in the order in which they came. Beyond a number, in all or from one
 * address, the oldest gives way: a handshake takes two round trips, so whoever is there the longest
 * is the least likely to mean it.
 */
final class PendingHandshakes {
  private final int limit;
  private final int limitPerAddress;
  private final Set<Connection> all = new LinkedHashSet<>();
  private final Map<InetAddress, Set<Connection>> byAddress = new HashMap<>();

  PendingHandshakes(int limit, int limitPerAddress) {
    this.limit = limit;
    this.limitPerAddress = limitPerAddress;
  }

  /** Adds one, and says which one has to go: still contained, or null. */
  Connection add(Connection newest) {
    Set<Connection> neighbours =
        byAddress.computeIfAbsent(newest.remoteAddress(), address -> new LinkedHashSet<>());
    neighbours.add(newest);
    all.add(newest);
    if (neighbours.size() > limitPerAddress) {
      return neighbours.iterator().next();
    }
    return all.size() > limit ? all.iterator().next() : null;
  }

  /** Removes one, if it is there. */
  void remove(Connection connection) {
    if (all.remove(connection)) {
      Set<Connection> neighbours = byAddress.get(connection.remoteAddress());
      neighbours.remove(connection);
      if (neighbours.isEmpty()) {
        byAddress.remove(connection.remoteAddress());
      }
    }
  }
}
