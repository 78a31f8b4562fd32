package io.pbft.compare.generals.exhaustive;

import io.pbft.compare.generals.Order;
import io.pbft.compare.generals.Path;
import io.pbft.compare.generals.Table;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Every behaviour of traitors in OM(m), without enumerating them: for each part of the recursion
 * the decisions that can come out of it, and of how many behaviours.
 *
 * <p>Exact, because no two parts share a message, so that what comes out of one is independent of
 * the others. Loyal generals are alike, and so are traitors, hence a part is described by how many
 * of each it has. Remembers what it has computed; not thread safe.
 */
public final class OralSets {
  /** Bits of a count of attacking votes; there are fewer than 16 generals. */
  private static final int BITS = 5;

  private static final int MOST_LOYAL = 12;

  private record Part(int m, Order order, int loyal, int traitors) implements Comparable<Part> {
    private int code() {
      int commander = order == null ? 2 : order == Order.ATTACK ? 1 : 0;
      return ((m * 3 + commander) * 16 + loyal) * 16 + traitors;
    }

    @Override
    public int compareTo(Part other) {
      return Integer.compare(code(), other.code());
    }
  }

  private final TreeMap<Part, Outcomes> known = new TreeMap<>();

  /**
   * What can come out of OM(m).
   *
   * @param order the loyal commander's, or null for a traitor
   * @param loyal how many lieutenants are loyal, at most 12
   * @param traitors how many are not
   */
  Outcomes outcomes(int m, Order order, int loyal, int traitors) {
    if (loyal > MOST_LOYAL) {
      throw new IllegalArgumentException("at most " + MOST_LOYAL + " loyal lieutenants");
    }
    Part part = new Part(m, order, loyal, traitors);
    Outcomes found = known.get(part);
    if (found == null) {
      found = compute(part);
      known.put(part, found);
    }
    return found;
  }

  private Outcomes compute(Part part) {
    Outcomes all = new Outcomes();
    for (int heard : heard(part)) {
      if (part.m() == 0) {
        all.add(heard, BigInteger.ONE);
        continue;
      }
      Map<Long, BigInteger> votes = Map.of(spread(heard, -1, part.loyal()), BigInteger.ONE);
      for (int j = 0; j < part.loyal() + part.traitors(); j++) {
        votes = vote(votes, subOutcomes(part, heard, j), skipped(part, j), part.loyal());
      }
      votes.forEach((counts, ways) -> all.add(decisions(counts, part), ways));
    }
    return all;
  }

  /** What the loyal lieutenants may have heard from the part's commander. */
  private static List<Integer> heard(Part part) {
    int all = (1 << part.loyal()) - 1;
    List<Integer> heard = new ArrayList<>();
    if (part.order() != null) {
      heard.add(part.order() == Order.ATTACK ? all : 0);
      return heard;
    }
    for (int each = 0; each <= all; each++) {
      heard.add(each);
    }
    return heard;
  }

  /** What can come out where the j-th lieutenant relays; the loyal ones come first. */
  private Outcomes subOutcomes(Part part, int heard, int j) {
    if (j < part.loyal()) {
      Order relayed = (heard >> j & 1) == 1 ? Order.ATTACK : Order.RETREAT;
      return outcomes(part.m() - 1, relayed, part.loyal() - 1, part.traitors());
    }
    return outcomes(part.m() - 1, null, part.loyal(), part.traitors() - 1);
  }

  /** Who has no vote in what the j-th lieutenant relays: itself, if it is loyal. */
  private static int skipped(Part part, int j) {
    return j < part.loyal() ? j : -1;
  }

  private static Map<Long, BigInteger> vote(
      Map<Long, BigInteger> votes, Outcomes sub, int skipped, int loyal) {
    TreeMap<Long, BigInteger> sums = new TreeMap<>();
    votes.forEach(
        (counts, ways) ->
            sub.byDecisions()
                .forEach(
                    (decisions, more) ->
                        sums.merge(
                            counts + spread(decisions, skipped, loyal),
                            ways.multiply(more),
                            BigInteger::add)));
    return sums;
  }

  /** A vote for each set bit, in fields of {@link #BITS} bits; {@code skipped} has no bit. */
  private static long spread(int decisions, int skipped, int loyal) {
    long counts = 0;
    int bit = 0;
    for (int i = 0; i < loyal; i++) {
      if (i != skipped) {
        counts |= (long) (decisions >> bit++ & 1) << (BITS * i);
      }
    }
    return counts;
  }

  private static int decisions(long counts, Part part) {
    int decisions = 0;
    for (int i = 0; i < part.loyal(); i++) {
      int attacks = (int) (counts >> (BITS * i)) & ((1 << BITS) - 1);
      Order order = Order.majority(attacks, part.loyal() + part.traitors());
      decisions |= order == Order.ATTACK ? 1 << i : 0;
    }
    return decisions;
  }

  /** How the votes came to be what they are. */
  private record Step(long before, int subDecisions) {}

  /**
   * One behaviour that leads to those decisions.
   *
   * @param path through whom the part's commander speaks; he is its last
   * @param order as in {@link #outcomes}
   * @param loyal the loyal lieutenants' numbers, in the order of the bits of {@code decisions}
   * @param traitors the others' numbers
   * @return what the traitors say to loyal lieutenants
   */
  Table explain(
      Path path, int m, Order order, List<Integer> loyal, List<Integer> traitors, int decisions) {
    Table table = new Table();
    if (!explain(path, m, order, loyal, traitors, decisions, table)) {
      throw new IllegalArgumentException("nothing leads to those decisions");
    }
    return table;
  }

  private boolean explain(
      Path path,
      int m,
      Order order,
      List<Integer> loyal,
      List<Integer> traitors,
      int decisions,
      Table table) {
    Part part = new Part(m, order, loyal.size(), traitors.size());
    for (int heard : heard(part)) {
      List<Integer> subs = m == 0 ? leaf(heard, decisions) : backwards(part, heard, decisions);
      if (subs == null) {
        continue;
      }
      for (int i = 0; order == null && i < loyal.size(); i++) {
        table.put(path, loyal.get(i), (heard >> i & 1) == 1 ? Order.ATTACK : Order.RETREAT);
      }
      for (int j = 0; j < subs.size(); j++) {
        boolean isLoyal = j < loyal.size();
        int general = isLoyal ? loyal.get(j) : traitors.get(j - loyal.size());
        Order relayed = (heard >> j & 1) == 1 ? Order.ATTACK : Order.RETREAT;
        explain(
            path.plus(general),
            m - 1,
            isLoyal ? relayed : null,
            without(loyal, general),
            without(traitors, general),
            subs.get(j),
            table);
      }
      return true;
    }
    return false;
  }

  private static List<Integer> leaf(int heard, int decisions) {
    return heard == decisions ? List.of() : null;
  }

  private static List<Integer> without(List<Integer> generals, Integer general) {
    return generals.stream().filter(g -> !g.equals(general)).toList();
  }

  /** The sub-decisions, one for each lieutenant, that give those decisions; null if none do. */
  private List<Integer> backwards(Part part, int heard, int decisions) {
    int relays = part.loyal() + part.traitors();
    List<TreeMap<Long, Step>> layers = new ArrayList<>();
    layers.add(new TreeMap<>());
    layers.get(0).put(spread(heard, -1, part.loyal()), new Step(0, 0));
    for (int j = 0; j < relays; j++) {
      TreeMap<Long, Step> next = new TreeMap<>();
      for (long counts : layers.get(j).keySet()) {
        for (int sub : subOutcomes(part, heard, j).byDecisions().keySet()) {
          long sum = counts + spread(sub, skipped(part, j), part.loyal());
          next.putIfAbsent(sum, new Step(counts, sub));
        }
      }
      layers.add(next);
    }
    for (long counts : layers.get(relays).keySet()) {
      if (decisions(counts, part) == decisions) {
        return walk(layers, counts);
      }
    }
    return null;
  }

  private static List<Integer> walk(List<TreeMap<Long, Step>> layers, long end) {
    List<Integer> subs = new ArrayList<>();
    long counts = end;
    for (int j = layers.size() - 1; j > 0; j--) {
      Step step = layers.get(j).get(counts);
      subs.add(0, step.subDecisions());
      counts = step.before();
    }
    return subs;
  }
}
