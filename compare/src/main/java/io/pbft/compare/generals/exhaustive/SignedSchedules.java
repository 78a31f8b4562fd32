package io.pbft.compare.generals.exhaustive;

import io.pbft.compare.generals.Order;
import io.pbft.compare.generals.Path;
import io.pbft.compare.generals.Table;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Every behaviour of traitors in SM(m), by what it comes to: for each order and each loyal
 * lieutenant the first round in which an order that only traitors have signed reaches it, or never.
 *
 * <p>Nothing else matters. Where a loyal general's signature is on an order, it has sent that order
 * to all who were not on the chain; and what a loyal commander has not signed does not exist.
 */
final class SignedSchedules {
  private final int m;
  private final int relayLimit;
  private final int loyal;
  private final int traitors;

  /**
   * @param relayLimit what bears more lieutenants' signatures is not passed on; m in SM(m)
   * @param loyal how many lieutenants are loyal
   * @param traitors how many generals are not, a traitorous commander included
   */
  SignedSchedules(int m, int relayLimit, int loyal, int traitors) {
    this.m = m;
    this.relayLimit = relayLimit;
    this.loyal = loyal;
    this.traitors = traitors;
  }

  /** Under a loyal commander there is nothing to choose: all hear his order in the first round. */
  Outcomes underLoyal(Order order) {
    int[] first = new int[loyal];
    Arrays.fill(first, 1);
    int all = known(first);
    Outcomes outcomes = new Outcomes();
    outcomes.add(order == Order.ATTACK ? decisions(all, 0) : decisions(0, all), BigInteger.ONE);
    return outcomes;
  }

  Outcomes underTraitor() {
    TreeMap<Integer, Long> knowers = new TreeMap<>();
    for (int[] schedule : schedules()) {
      knowers.merge(known(schedule), 1L, Long::sum);
    }
    Outcomes outcomes = new Outcomes();
    knowers.forEach(
        (attack, ways) ->
            knowers.forEach(
                (retreat, more) ->
                    outcomes.add(
                        decisions(attack, retreat),
                        BigInteger.valueOf(ways).multiply(BigInteger.valueOf(more)))));
    return outcomes;
  }

  /** All choices of a round from 1 to |T|, or 0 for never, for each loyal lieutenant. */
  private List<int[]> schedules() {
    int base = traitors + 1;
    int count = 1;
    for (int i = 0; i < loyal; i++) {
      count *= base;
    }
    List<int[]> schedules = new ArrayList<>();
    for (int code = 0; code < count; code++) {
      int[] first = new int[loyal];
      int rest = code;
      for (int i = 0; i < loyal; i++) {
        first[i] = rest % base;
        rest /= base;
      }
      schedules.add(first);
    }
    return schedules;
  }

  /** Which loyal lieutenants know an order after the last round. */
  private int known(int[] first) {
    int known = 0;
    boolean relayed = false;
    for (int round = 1; round <= m + 1; round++) {
      int hear = 0;
      for (int i = 0; i < loyal; i++) {
        if (first[i] == round || relayed) {
          hear |= 1 << i;
        }
      }
      int fresh = hear & ~known;
      known |= fresh;
      relayed = fresh != 0 && round - 1 < relayLimit;
    }
    return known;
  }

  private static int decisions(int knowAttack, int knowRetreat) {
    return knowAttack & ~knowRetreat;
  }

  /**
   * One behaviour of those traitors, the commander first, after which the loyal lieutenants
   * disagree; null if there is none.
   */
  Table witness(List<Integer> loyalNumbers, List<Integer> traitorNumbers) {
    int all = (1 << loyal) - 1;
    for (int[] attack : schedules()) {
      for (int[] retreat : schedules()) {
        int decisions = decisions(known(attack), known(retreat));
        // Two orders along one chain to one lieutenant do not fit into a table.
        boolean fits = IntStream.range(0, loyal).noneMatch(i -> meet(attack[i], retreat[i]));
        if (fits && decisions != 0 && decisions != all) {
          Table table = new Table();
          write(attack, Order.ATTACK, loyalNumbers, traitorNumbers, table);
          write(retreat, Order.RETREAT, loyalNumbers, traitorNumbers, table);
          return table;
        }
      }
    }
    return null;
  }

  private static boolean meet(int attack, int retreat) {
    return attack == retreat && attack > 0;
  }

  private static void write(
      int[] first, Order order, List<Integer> loyal, List<Integer> traitors, Table table) {
    for (int i = 0; i < first.length; i++) {
      if (first[i] > 0) {
        table.put(new Path(traitors.subList(0, first[i])), loyal.get(i), order);
      }
    }
  }
}
