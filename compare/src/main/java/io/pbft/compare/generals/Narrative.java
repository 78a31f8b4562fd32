package io.pbft.compare.generals;

import io.pbft.compare.generals.Outcome.Told;
import io.pbft.compare.generals.Outcome.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A battle in words. */
public final class Narrative {
  private final Outcome outcome;
  private final Campaign campaign;
  private final boolean signed;

  public Narrative(Outcome outcome, boolean signed) {
    this.outcome = outcome;
    this.campaign = outcome.campaign();
    this.signed = signed;
  }

  /**
   * Who says what to whom.
   *
   * @param most how many messages to tell of in each round; of the others, how many there are
   */
  public List<String> rounds(int most) {
    List<String> lines = new ArrayList<>();
    for (int round = 1; round <= campaign.m() + 1; round++) {
      List<Told> told = ofRound(round);
      lines.add("Round " + round + (told.isEmpty() ? ": nobody says anything" : ""));
      told.stream().limit(most).forEach(each -> lines.add("  " + line(each)));
      if (told.size() > most) {
        lines.add("  ... and " + (told.size() - most) + " more (--all tells them)");
      }
    }
    return lines;
  }

  private List<Told> ofRound(int round) {
    return outcome.told().stream().filter(each -> each.round() == round).toList();
  }

  private String line(Told told) {
    StringBuilder line = new StringBuilder();
    line.append(name(told.from())).append(" -> ").append(name(told.to())).append(": ");
    line.append(told.isSent() ? words(told) : "(silence)");
    if (campaign.isTraitor(told.from()) && told.isSent() && told.order() != told.honest()) {
      line.append("   LIE, instead of ").append(told.honest());
    }
    if (told.verdict().isRefusal()) {
      line.append("   ").append(told.verdict());
    } else if (told.verdict() == Verdict.MISSING && !signed) {
      line.append("   counts as RETREAT");
    }
    return line.toString();
  }

  private String words(Told told) {
    if (signed) {
      return told.order() + " signed by " + told.path();
    } else if (told.path().length() == 1) {
      return told.order().toString();
    }
    return told.order() + ", by way of " + told.path().before();
  }

  /** {@code general 2}, with what is particular about it. */
  private String name(int general) {
    String traitor = campaign.isTraitor(general) ? " (traitor)" : "";
    return (general == 0 ? "commander 0" : "general " + general) + traitor;
  }

  /** What each loyal lieutenant decides, and the two conditions. */
  public List<String> decisions() {
    List<String> lines = new ArrayList<>();
    outcome.decisions().forEach((i, order) -> lines.add("general " + i + " decides " + order));
    lines.add(
        "IC1 (all loyal lieutenants decide the same): " + (outcome.ic1() ? "holds" : "VIOLATED"));
    String ic2 = campaign.commanderIsLoyal() ? outcome.ic2() ? "holds" : "VIOLATED" : "not owed";
    lines.add("IC2 (a loyal commander is obeyed): " + ic2);
    return lines;
  }

  /** Of what was refused, how often and why, a line a reason. */
  public List<String> refusals() {
    List<String> lines = new ArrayList<>();
    for (Verdict verdict : Verdict.values()) {
      long count = outcome.told().stream().filter(told -> told.verdict() == verdict).count();
      if (verdict.isRefusal() && count > 0) {
        lines.add(count + " x " + verdict.name().toLowerCase(Locale.ROOT) + " (" + verdict + ")");
      }
    }
    return lines;
  }
}
