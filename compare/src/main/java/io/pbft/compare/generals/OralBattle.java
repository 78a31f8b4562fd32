package io.pbft.compare.generals;

import io.pbft.compare.generals.Outcome.Told;
import io.pbft.compare.generals.Outcome.Verdict;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** OM(m) in m + 1 synchronous rounds. */
public final class OralBattle {
  /** There are (n-1)(n-2)... of them. */
  public static final int MOST_MESSAGES = 200_000;

  private final Campaign campaign;
  private final OralScript script;
  private final List<OralGeneral> generals = new ArrayList<>();
  private final List<Told> told = new ArrayList<>();
  private long packets;

  private OralBattle(Campaign campaign, OralScript script) {
    this.campaign = campaign;
    this.script = script;
    for (int i = 0; i < campaign.generals(); i++) {
      generals.add(new OralGeneral(i, campaign.generals(), campaign.m(), campaign.order()));
    }
  }

  /**
   * Fights it out.
   *
   * @throws IllegalArgumentException if that takes more than {@link #MOST_MESSAGES} messages
   */
  public static Outcome fight(Campaign campaign, OralScript script) {
    BigInteger messages = Formulas.oralMessages(campaign.generals(), campaign.m());
    if (messages.compareTo(BigInteger.valueOf(MOST_MESSAGES)) > 0) {
      throw new IllegalArgumentException(
          String.format(
              "OM(%d) takes %d generals %d messages, and up to %d are played",
              campaign.m(), campaign.generals(), messages, MOST_MESSAGES));
    }
    OralBattle battle = new OralBattle(campaign, script);
    for (int round = 1; round <= campaign.m() + 1; round++) {
      battle.round(round);
    }
    return Outcome.of(campaign, i -> battle.generals.get(i).decide(), battle.told, battle.packets);
  }

  /** All speak, then all listen. */
  private void round(int round) {
    List<OralMessage> spoken = new ArrayList<>();
    for (OralGeneral general : generals) {
      spoken.addAll(general.send(round));
    }
    TreeSet<Integer> pairs = new TreeSet<>();
    for (OralMessage honest : spoken) {
      int from = honest.path().last();
      Order order = campaign.isTraitor(from) ? script.say(honest) : honest.order();
      if (order != null) {
        pairs.add(from * campaign.generals() + honest.to());
      }
      Verdict verdict = hear(round, from, honest, order);
      told.add(new Told(round, from, honest.to(), honest.path(), honest.order(), order, verdict));
    }
    packets += pairs.size();
  }

  private Verdict hear(int round, int from, OralMessage honest, Order order) {
    if (order == null) {
      return Verdict.MISSING;
    }
    OralMessage message = new OralMessage(honest.path(), honest.to(), order);
    boolean taken = generals.get(honest.to()).receive(round, from, message);
    return taken ? Verdict.TAKEN : Verdict.NOT_LEGAL;
  }
}
