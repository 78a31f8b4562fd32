package io.pbft.lab.matrix;

import java.util.Comparator;
import java.util.List;

/**
 * An attack that breaks something once the defence is down.
 *
 * @param broken the gravest claim that does not hold any more
 */
public record Kill(Weakness weakness, Attack attack, Attack.Broken broken) {
  private static final List<String> GRAVITY =
      List.of(
          "safe",
          "valid",
          "linearizable",
          "bounded",
          "live",
          "agreed",
          "slot",
          "recovery",
          "throughput",
          "primary");

  /** What the attack breaks without the defence, or null. */
  static Kill of(Weakness weakness, Attack attack) {
    return attack.breaks(weakness.defences()).stream()
        .min(Comparator.comparingInt(Kill::gravity))
        .map(broken -> new Kill(weakness, attack, broken))
        .orElse(null);
  }

  private static int gravity(Attack.Broken broken) {
    int at = GRAVITY.indexOf(broken.claim().split(" ", 2)[0]);
    return at < 0 ? GRAVITY.size() : at;
  }

  /**
   * Whether something of worth is lost, and not only the record that an attack was refused: those
   * are defences in depth, behind which another holds.
   */
  public boolean isHarm() {
    return gravity(broken) < GRAVITY.size();
  }

  /** What does not hold, in the words of scenarios. */
  public String breaks() {
    return broken.claim();
  }
}
