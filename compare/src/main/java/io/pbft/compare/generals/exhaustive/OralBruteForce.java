package io.pbft.compare.generals.exhaustive;

import io.pbft.compare.generals.Campaign;
import io.pbft.compare.generals.Order;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * Every behaviour of some traitors in OM(m), one after the other. A slot is a message from a
 * traitor to a loyal lieutenant; a missing message is a retreat, so each has two values.
 */
final class OralBruteForce {
  /** What is heard along one path, and by whom. */
  private static final class Node {
    final int last;
    final int length;
    final Node before;
    final List<Node> longer = new ArrayList<>();
    final int[] slots;

    Node(int last, int length, Node before, int generals) {
      this.last = last;
      this.length = length;
      this.before = before;
      this.slots = new int[generals];
      Arrays.fill(slots, -1);
    }

    boolean has(int general) {
      return last == general || (before != null && before.has(general));
    }
  }

  private final Campaign campaign;
  private final Node root;
  private final List<Integer> loyal = new ArrayList<>();
  private int slots;
  private long behaviour;

  OralBruteForce(Campaign campaign) {
    this.campaign = campaign;
    for (int i = 1; i < campaign.generals(); i++) {
      if (!campaign.isTraitor(i)) {
        loyal.add(i);
      }
    }
    root = new Node(0, 1, null, campaign.generals());
    grow(root);
  }

  private void grow(Node node) {
    for (int to = 1; to < campaign.generals(); to++) {
      if (node.has(to)) {
        continue;
      }
      if (campaign.isTraitor(node.last) && !campaign.isTraitor(to)) {
        node.slots[to] = slots++;
      }
      if (node.length <= campaign.m()) {
        Node next = new Node(to, node.length + 1, node, campaign.generals());
        node.longer.add(next);
        grow(next);
      }
    }
  }

  /** Messages that the traitors choose; there are two to that power behaviours. */
  int slots() {
    return slots;
  }

  Outcomes outcomes() {
    TreeMap<Integer, Long> counts = new TreeMap<>();
    for (behaviour = 0; behaviour < 1L << slots; behaviour++) {
      int decisions = 0;
      for (int i = 0; i < loyal.size(); i++) {
        decisions |= decides(root, loyal.get(i)) ? 1 << i : 0;
      }
      counts.merge(decisions, 1L, Long::sum);
    }
    Outcomes outcomes = new Outcomes();
    counts.forEach((decisions, count) -> outcomes.add(decisions, BigInteger.valueOf(count)));
    return outcomes;
  }

  /** Whether {@code to} has heard attack along the path. */
  private boolean attacks(Node node, int to) {
    if (node.slots[to] >= 0) {
      return (behaviour >> node.slots[to] & 1) == 1;
    }
    return node.before == null ? campaign.order() == Order.ATTACK : attacks(node.before, node.last);
  }

  private boolean decides(Node node, int general) {
    boolean own = attacks(node, general);
    if (node.longer.isEmpty()) {
      return own;
    }
    int attacks = own ? 1 : 0;
    int votes = 1;
    for (Node next : node.longer) {
      if (next.last != general) {
        votes++;
        attacks += decides(next, general) ? 1 : 0;
      }
    }
    return Order.majority(attacks, votes) == Order.ATTACK;
  }
}
