package io.pbft.compare.generals;

import java.util.List;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * How a battle went.
 *
 * @param decisions of the loyal lieutenants, by their numbers
 * @param told everything that was said, in order
 * @param packets what the messages amount to when all that one general tells another in a round
 *     travels together
 */
public record Outcome(
    Campaign campaign, TreeMap<Integer, Order> decisions, List<Told> told, long packets) {

  /**
   * One message.
   *
   * @param honest what a loyal general would have said there: an order, or null for nothing
   * @param order what was said; null for nothing, which only traitors do
   * @param verdict what the receiver made of it
   */
  public record Told(
      int round, int from, int to, Path path, Order honest, Order order, Verdict verdict) {
    public boolean isSent() {
      return order != null;
    }
  }

  /** What a receiver makes of a message. */
  public enum Verdict {
    TAKEN("taken"),
    KNOWN("knew it already"),
    MISSING("nothing came"),
    NOT_LEGAL("refused: not a path that its sender may use in this round"),
    NOT_FROM_COMMANDER("refused: the first signature is not the commander's"),
    SIGNED_TWICE("refused: somebody signed twice"),
    OWN_SIGNATURE("refused: bears the receiver's own signature"),
    WRONG_SENDER("refused: the last to sign is not the sender"),
    WRONG_ROUND("refused: not exactly as many signatures as rounds"),
    BAD_SIGNATURE("refused: a signature is not its signer's"),
    TRAITOR("-");

    private final String words;

    Verdict(String words) {
      this.words = words;
    }

    public boolean isRefusal() {
      return compareTo(NOT_LEGAL) >= 0 && this != TRAITOR;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  /**
   * With the decisions of the loyal lieutenants.
   *
   * @param decides what a lieutenant decides, by its number
   */
  static Outcome of(Campaign campaign, IntFunction<Order> decides, List<Told> told, long packets) {
    TreeMap<Integer, Order> decisions = new TreeMap<>();
    for (int i = 1; i < campaign.generals(); i++) {
      if (!campaign.isTraitor(i)) {
        decisions.put(i, decides.apply(i));
      }
    }
    return new Outcome(campaign, decisions, told, packets);
  }

  /** Messages sent, by loyal generals and traitors. */
  public long messages() {
    return told.stream().filter(Told::isSent).count();
  }

  /** IC1: all loyal lieutenants decide the same. */
  public boolean ic1() {
    return decisions.values().stream().distinct().count() <= 1;
  }

  /** IC2: if the commander is loyal, every loyal lieutenant decides what he ordered. */
  public boolean ic2() {
    return !campaign.commanderIsLoyal()
        || decisions.values().stream().allMatch(d -> d == campaign.order());
  }
}
