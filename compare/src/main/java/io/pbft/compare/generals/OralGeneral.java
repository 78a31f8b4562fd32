package io.pbft.compare.generals;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * A loyal general of OM(m) (section 3 of the paper), the recursion unrolled into {@code m + 1}
 * rounds. Not thread safe.
 */
final class OralGeneral {
  private final int self;
  private final int generals;
  private final int m;
  private final Order given;
  private final TreeMap<Path, Order> heard = new TreeMap<>();

  /**
   * @param given the order to pass on, for the commander; ignored for a lieutenant
   */
  OralGeneral(int self, int generals, int m, Order given) {
    this.self = self;
    this.generals = generals;
    this.m = m;
    this.given = given;
  }

  /** What it sends in that round, from 1 to m + 1: every path once, to all who are not on it. */
  List<OralMessage> send(int round) {
    List<OralMessage> out = new ArrayList<>();
    if (self == 0) {
      if (round == 1) {
        tell(Path.COMMANDER, given, out);
      }
      return out;
    }
    for (Path path : paths(round - 1)) {
      tell(path.plus(self), value(path), out);
    }
    return out;
  }

  private void tell(Path path, Order order, List<OralMessage> out) {
    for (int to = 0; to < generals; to++) {
      if (!path.contains(to)) {
        out.add(new OralMessage(path, to, order));
      }
    }
  }

  /** All legal paths of that length without this general. */
  private List<Path> paths(int length) {
    List<Path> paths = new ArrayList<>();
    if (length >= 1) {
      paths.add(Path.COMMANDER);
    }
    for (int grown = 1; grown < length; grown++) {
      List<Path> longer = new ArrayList<>();
      for (Path path : paths) {
        for (int next = 1; next < generals; next++) {
          if (next != self && !path.contains(next)) {
            longer.add(path.plus(next));
          }
        }
      }
      paths = longer;
    }
    return paths;
  }

  /**
   * A message arrives. Only the last on a path may send it, in the round of the path's length, and
   * once; anything else counts as not sent.
   *
   * @return whether it was taken
   */
  boolean receive(int round, int sender, OralMessage message) {
    Path path = message.path();
    boolean legal =
        path.isLegal()
            && path.last() == sender
            && path.length() == round
            && !path.contains(self)
            && message.order() != null;
    return legal && heard.putIfAbsent(path, message.order()) == null;
  }

  private Order value(Path path) {
    return heard.getOrDefault(path, Order.RETREAT);
  }

  /** After round m + 1; of a lieutenant. */
  Order decide() {
    return decide(Path.COMMANDER);
  }

  private Order decide(Path path) {
    if (path.length() == m + 1) {
      return value(path);
    }
    int attacks = value(path) == Order.ATTACK ? 1 : 0;
    for (int other = 0; other < generals; other++) {
      if (other != self && !path.contains(other)) {
        attacks += decide(path.plus(other)) == Order.ATTACK ? 1 : 0;
      }
    }
    return Order.majority(attacks, generals - path.length());
  }
}
