package io.pbft.compare.generals.exhaustive;

import io.pbft.compare.generals.Campaign;
import io.pbft.compare.generals.Formulas;
import io.pbft.compare.generals.Order;
import io.pbft.compare.generals.Path;
import io.pbft.compare.generals.Table;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * One case of OM or SM, all behaviours of all sets of traitors.
 *
 * @param relayLimit SM only: m, or less as a control
 * @param fewest how many traitors there are at least
 * @param most how many there are at most
 */
public record Trial(boolean signed, int generals, int m, int relayLimit, int fewest, int most) {
  /** Cases with more bits than that are not enumerated one by one. */
  private static final int ORAL_BITS = 20;

  private static final int SIGNED_BITS = 16;

  /** Nor are cases with more messages. */
  private static final BigInteger BRUTE_FORCE_MESSAGES = BigInteger.valueOf(10_000);

  /** A behaviour after which a condition is violated. */
  public record Witness(Campaign campaign, Table table) {}

  /**
   * What came out.
   *
   * @param tally by the set method: what traitors say to each other, which nobody loyal hears, is
   *     not counted
   * @param withTalkAmongTraitors the same, where each such message doubles the behaviours (oral
   *     messages only)
   * @param enumerated how many of the sets of traitors were enumerated one by one as well
   * @param sets of traitors (alike ones once)
   * @param witness null where nothing is violated
   */
  public record Result(
      Tally tally, Tally withTalkAmongTraitors, int enumerated, int sets, Witness witness) {}

  public Trial {
    if (fewest < 0 || most < fewest || most > generals) {
      throw new IllegalArgumentException(
          "from " + fewest + " to " + most + " traitors among " + generals + " generals");
    }
  }

  public static Trial oral(int m, int generals, int fewest, int most) {
    return new Trial(false, generals, m, m, fewest, most);
  }

  public static Trial signed(int m, int generals, int fewest, int most) {
    return new Trial(true, generals, m, m, fewest, most);
  }

  /** A set of traitors that stands for all that are like it, and how many those are. */
  private record Gang(Campaign campaign, long alike) {
    int loyal() {
      int loyal = campaign.generals() - campaign.traitors().size();
      return campaign.commanderIsLoyal() ? loyal - 1 : loyal;
    }

    int lieutenantTraitors() {
      return campaign.traitors().size() - (campaign.commanderIsLoyal() ? 0 : 1);
    }

    Order order() {
      return campaign.commanderIsLoyal() ? campaign.order() : null;
    }

    List<Integer> loyalNumbers() {
      List<Integer> loyal = new ArrayList<>();
      for (int i = 1; i < campaign.generals(); i++) {
        if (!campaign.isTraitor(i)) {
          loyal.add(i);
        }
      }
      return loyal;
    }
  }

  /**
   * Tries everything.
   *
   * @throws AssertionError if enumeration and the set method do not agree
   */
  public Result run() {
    OralSets sets = new OralSets();
    Tally tally = Tally.NONE;
    Tally withTalk = Tally.NONE;
    int enumerated = 0;
    Witness witness = null;
    List<Gang> gangs = gangs();
    for (Gang gang : gangs) {
      Outcomes outcomes = outcomes(gang, sets);
      Tally one = outcomes.tally(gang.loyal(), gang.order()).times(gang.alike());
      tally = tally.plus(one);
      withTalk = withTalk.plus(one.times(BigInteger.TWO.pow(talk(gang))));
      enumerated += crossCheck(gang, outcomes) ? 1 : 0;
      if (witness == null && !one.holds()) {
        witness = new Witness(gang.campaign(), witness(gang, outcomes, sets));
      }
    }
    return new Result(tally, withTalk, enumerated, gangs.size(), witness);
  }

  private List<Gang> gangs() {
    List<Gang> gangs = new ArrayList<>();
    for (int t = fewest; t <= most; t++) {
      if (t < generals) {
        for (Order order : Order.values()) {
          gangs.add(gang(order, 1, t, choose(generals - 1, t)));
        }
      }
      if (t > 0) {
        gangs.add(gang(Order.ATTACK, 0, t, choose(generals - 1, t - 1)));
      }
    }
    return gangs;
  }

  /** The traitors are the first from {@code from}, but for the loyal lieutenants, who come last. */
  private Gang gang(Order order, int from, int count, long alike) {
    TreeSet<Integer> traitors = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      traitors.add(from + i);
    }
    return new Gang(new Campaign(generals, m, order, traitors), alike);
  }

  private static long choose(int n, int k) {
    long ways = 1;
    for (int i = 1; i <= k; i++) {
      ways = ways * (n - i + 1) / i;
    }
    return ways;
  }

  private Outcomes outcomes(Gang gang, OralSets sets) {
    if (!signed) {
      return sets.outcomes(m, gang.order(), gang.loyal(), gang.lieutenantTraitors());
    }
    SignedSchedules schedules = schedules(gang);
    return gang.order() == null ? schedules.underTraitor() : schedules.underLoyal(gang.order());
  }

  private SignedSchedules schedules(Gang gang) {
    return new SignedSchedules(m, relayLimit, gang.loyal(), gang.campaign().traitors().size());
  }

  /** Messages from traitors to traitors. */
  private int talk(Gang gang) {
    return signed ? 0 : talk(m, gang.order() == null, gang.loyal(), gang.lieutenantTraitors());
  }

  private static int talk(int m, boolean traitorCommands, int loyal, int traitors) {
    int talk = traitorCommands ? traitors : 0;
    if (m > 0 && loyal > 0) {
      talk += loyal * talk(m - 1, false, loyal - 1, traitors);
    }
    if (m > 0 && traitors > 0) {
      talk += traitors * talk(m - 1, true, loyal, traitors - 1);
    }
    return talk;
  }

  private boolean crossCheck(Gang gang, Outcomes outcomes) {
    Outcomes enumerated;
    if (!signed && Formulas.oralMessages(generals, m).compareTo(BRUTE_FORCE_MESSAGES) > 0) {
      return false;
    } else if (signed) {
      SignedBruteForce force = new SignedBruteForce(gang.campaign(), relayLimit, false);
      if (force.slots() > SIGNED_BITS) {
        return false;
      }
      enumerated = force.outcomes();
    } else {
      OralBruteForce force = new OralBruteForce(gang.campaign());
      if (force.slots() > ORAL_BITS) {
        return false;
      }
      enumerated = force.outcomes();
    }
    // Many sets of signed messages come to one schedule, so only what can come out is comparable.
    boolean same =
        signed
            ? enumerated.byDecisions().keySet().equals(outcomes.byDecisions().keySet())
            : enumerated.equals(outcomes);
    if (!same) {
      throw new AssertionError(
          "enumeration and set method disagree on " + gang + ": " + enumerated + ", " + outcomes);
    }
    return true;
  }

  private Table witness(Gang gang, Outcomes outcomes, OralSets sets) {
    List<Integer> traitors = new ArrayList<>(gang.campaign().traitors());
    if (signed) {
      return schedules(gang).witness(gang.loyalNumbers(), traitors);
    }
    traitors.remove(Integer.valueOf(0));
    int all = (1 << gang.loyal()) - 1;
    for (int decisions : outcomes.byDecisions().keySet()) {
      boolean agreed = decisions == 0 || decisions == all;
      Order order = gang.order();
      boolean obeyed = order == null || decisions == (order == Order.ATTACK ? all : 0);
      if (!agreed || !obeyed) {
        return sets.explain(Path.COMMANDER, m, order, gang.loyalNumbers(), traitors, decisions);
      }
    }
    throw new AssertionError("no witness, though something is violated");
  }
}
