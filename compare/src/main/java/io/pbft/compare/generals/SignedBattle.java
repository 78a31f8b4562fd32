package io.pbft.compare.generals;

import io.pbft.compare.generals.Outcome.Told;
import io.pbft.compare.generals.Outcome.Verdict;
import io.pbft.compare.generals.SignedScript.Pen;
import io.pbft.compare.generals.SignedScript.Scene;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** SM(m) in m + 1 synchronous rounds. */
public final class SignedBattle {
  private final Campaign campaign;
  private final SignedScript script;
  private final Pen pen;
  private final List<SignedGeneral> generals = new ArrayList<>();
  private final List<List<SignedOrder>> received = new ArrayList<>();
  private final List<Told> told = new ArrayList<>();
  private long packets;

  private SignedBattle(Campaign campaign, int relayLimit, Seals seals, SignedScript script) {
    this.campaign = campaign;
    this.script = script;
    this.pen = new Pen(campaign, seals);
    for (int i = 0; i < campaign.generals(); i++) {
      generals.add(new SignedGeneral(i, campaign.generals(), relayLimit, campaign.order(), seals));
      received.add(new ArrayList<>());
    }
  }

  /** Fights it out. */
  public static Outcome fight(Campaign campaign, Seals seals, SignedScript script) {
    return fight(campaign, campaign.m(), seals, script);
  }

  /**
   * As above with loyal generals that relay less (or more) than m, for controls.
   *
   * @param relayLimit what bears more lieutenants' signatures than that is not passed on
   */
  public static Outcome fight(Campaign campaign, int relayLimit, Seals seals, SignedScript script) {
    SignedBattle battle = new SignedBattle(campaign, relayLimit, seals, script);
    for (int round = 1; round <= campaign.m() + 1; round++) {
      battle.round(round);
    }
    return Outcome.of(campaign, i -> battle.generals.get(i).decide(), battle.told, battle.packets);
  }

  /** All send, then all listen. */
  private void round(int round) {
    TreeSet<Integer> pairs = new TreeSet<>();
    List<SignedMessage> sent = new ArrayList<>();
    for (int i = 0; i < campaign.generals(); i++) {
      List<SignedMessage> honest = generals.get(i).send();
      if (!campaign.isTraitor(i)) {
        sent.addAll(honest);
        continue;
      }
      List<SignedMessage> played =
          script.play(new Scene(campaign, round, i, honest, List.copyOf(received.get(i)), pen));
      sent.addAll(played);
      noteMissing(round, honest, played);
    }
    for (SignedMessage message : sent) {
      pairs.add(message.from() * campaign.generals() + message.to());
      deliver(round, message);
    }
    packets += pairs.size();
  }

  private void noteMissing(int round, List<SignedMessage> honest, List<SignedMessage> played) {
    for (SignedMessage message : honest) {
      if (played.stream().noneMatch(p -> p.to() == message.to())) {
        SignedOrder signed = message.signed();
        told.add(
            new Told(
                round,
                message.from(),
                message.to(),
                signed.path(),
                signed.order(),
                null,
                Verdict.MISSING));
      }
    }
  }

  private void deliver(int round, SignedMessage message) {
    SignedOrder signed = message.signed();
    Verdict verdict = generals.get(message.to()).receive(round, message);
    // A traitor keeps what it gets, whatever a loyal one would think of it.
    received.get(message.to()).add(signed);
    told.add(
        new Told(
            round,
            message.from(),
            message.to(),
            signed.path(),
            signed.order(),
            signed.order(),
            campaign.isTraitor(message.to()) ? Verdict.TRAITOR : verdict));
  }
}
