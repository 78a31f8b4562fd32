package io.pbft.compare.generals.exhaustive;

import io.pbft.compare.generals.Campaign;
import io.pbft.compare.generals.Order;
import io.pbft.compare.generals.Path;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Every set of messages that some traitors can send to loyal lieutenants in SM(m), one after the
 * other. What a receiver must refuse (A4, the number of signatures) is left out. The two orders are
 * enumerated apart, as nothing that happens to one depends on the other before the choice.
 */
final class SignedBruteForce {
  /** A traitor, the last of the path, sends an order signed by all of it. */
  private record Slot(Path path, int to) {}

  private final Campaign campaign;
  private final int relayLimit;
  private final List<Slot> slots = new ArrayList<>();
  private final List<Integer> loyal = new ArrayList<>();

  /**
   * @param throughLoyal whether traitors also pass on what loyal lieutenants have signed
   */
  SignedBruteForce(Campaign campaign, int relayLimit, boolean throughLoyal) {
    this.campaign = campaign;
    this.relayLimit = relayLimit;
    for (int i = 1; i < campaign.generals(); i++) {
      if (!campaign.isTraitor(i)) {
        loyal.add(i);
      }
    }
    grow(Path.COMMANDER, throughLoyal);
  }

  private void grow(Path path, boolean throughLoyal) {
    for (int to : loyal) {
      if (campaign.isTraitor(path.last()) && !path.contains(to)) {
        slots.add(new Slot(path, to));
      }
    }
    for (int next = 1; path.length() <= campaign.m() && next < campaign.generals(); next++) {
      if (!path.contains(next) && (throughLoyal || campaign.isTraitor(next))) {
        grow(path.plus(next), throughLoyal);
      }
    }
  }

  /** Messages of one order that the traitors can send or not. */
  int slots() {
    return slots.size();
  }

  Outcomes outcomes() {
    Map<Integer, Long> attack = knowers(Order.ATTACK);
    Map<Integer, Long> retreat = knowers(Order.RETREAT);
    Outcomes outcomes = new Outcomes();
    attack.forEach(
        (a, ways) ->
            retreat.forEach(
                (r, more) ->
                    outcomes.add(
                        a & ~r, BigInteger.valueOf(ways).multiply(BigInteger.valueOf(more)))));
    return outcomes;
  }

  /** Which loyal lieutenants know the order in the end, and in how many behaviours. */
  private Map<Integer, Long> knowers(Order order) {
    TreeMap<Integer, Long> counts = new TreeMap<>();
    for (long behaviour = 0; behaviour < 1L << slots.size(); behaviour++) {
      counts.merge(known(order, behaviour), 1L, Long::sum);
    }
    return counts;
  }

  private int known(Order order, long behaviour) {
    TreeSet<Integer> accepted = new TreeSet<>();
    TreeSet<Path> relayed = new TreeSet<>();
    if (campaign.commanderIsLoyal() && order == campaign.order()) {
      relayed.add(Path.COMMANDER);
    }
    for (int round = 1; round <= campaign.m() + 1; round++) {
      TreeMap<Integer, Path> fresh = heard(round, behaviour, relayed);
      fresh.keySet().removeAll(accepted);
      accepted.addAll(fresh.keySet());
      for (Map.Entry<Integer, Path> entry : fresh.entrySet()) {
        if (round - 1 < relayLimit) {
          relayed.add(entry.getValue().plus(entry.getKey()));
        }
      }
    }
    int known = 0;
    for (int i = 0; i < loyal.size(); i++) {
      known |= accepted.contains(loyal.get(i)) ? 1 << i : 0;
    }
    return known;
  }

  /** Who hears the order in that round, and by one of the chains that bring it. */
  private TreeMap<Integer, Path> heard(int round, long behaviour, TreeSet<Path> relayed) {
    TreeMap<Integer, Path> heard = new TreeMap<>();
    for (Path path : relayed) {
      for (int to : loyal) {
        if (path.length() == round && !path.contains(to)) {
          heard.putIfAbsent(to, path);
        }
      }
    }
    for (int s = 0; s < slots.size(); s++) {
      Slot slot = slots.get(s);
      boolean sent = (behaviour >> s & 1) == 1 && slot.path().length() == round;
      if (sent && exists(slot.path(), relayed)) {
        heard.putIfAbsent(slot.to(), slot.path());
      }
    }
    return heard;
  }

  /** Whether the last loyal general on the path, if there is one, has signed and sent the order. */
  private boolean exists(Path path, TreeSet<Path> relayed) {
    Path prefix = path;
    while (campaign.isTraitor(prefix.last())) {
      if (prefix.length() == 1) {
        return true;
      }
      prefix = prefix.before();
    }
    return relayed.contains(prefix);
  }
}
