package io.pbft.lab.matrix;

import io.pbft.lab.play.Finding;
import io.pbft.lab.play.Played;
import java.util.Comparator;
import java.util.List;

/**
 * An attack that breaks something once the defence is down.
 *
 * @param broken the gravest claim that does not hold any more
 */
public record Kill(Weakness weakness, Attack attack, Finding broken) {
  private static final List<String> GRAVITY =
      List.of(
          "safe", "valid", "linearizable", "bounded", "live", "agreed", "slot", "recovery",
          "throughput", "primary");

  /** What the attack breaks without the defence, or null. */
  static Kill of(Weakness weakness, Attack attack) {
    Played played = attack.play(weakness.defences());
    return played.findings().stream()
        .filter(f -> !f.isMet())
        .min(Comparator.comparingInt(Kill::gravity))
        .map(finding -> new Kill(weakness, attack, finding))
        .orElse(null);
  }

  private static int gravity(Finding finding) {
    int at = GRAVITY.indexOf(finding.claim().head());
    return at < 0 ? GRAVITY.size() : at;
  }

  int gravity() {
    return gravity(broken);
  }

  /**
   * Whether something of worth is lost, and not only the record that an attack was refused: those
   * are defences in depth, behind which another holds.
   */
  public boolean isHarm() {
    return gravity() < GRAVITY.size();
  }

  /** What does not hold, in the words of scenarios. */
  public String breaks() {
    return broken.claim().toString();
  }
}
