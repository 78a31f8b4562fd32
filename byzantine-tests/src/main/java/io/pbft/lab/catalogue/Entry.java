package io.pbft.lab.catalogue;

/**
 * An attack of the catalogue.
 *
 * @param id such as {@code P02}; its letter is the family's
 * @param family what it attacks
 * @param atStake S safety, V validity, X linearizability, L liveness, R resources, F fairness
 * @param attack what the traitor does
 * @param expected what must happen: for those that can be played, the scenario's claims
 * @param reason why it cannot be played here; empty where it can
 */
public record Entry(
    String id,
    String name,
    String family,
    String atStake,
    String attack,
    String expected,
    Standing standing,
    String reason) {
  /** Whether it can be played. */
  public enum Standing {
    PLAYABLE,
    /** It attacks something that this protocol does not have. */
    MAKES_NO_SENSE,
    /** It attacks links, disks or another program, which the simulator replaces. */
    ELSEWHERE,
    /** Nobody has written it yet. */
    NOT_YET;

    /** For people and programs. */
    public String words() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
  }

  public boolean isPlayable() {
    return standing == Standing.PLAYABLE;
  }

  /**
   * Whether signatures on all messages can make a difference: it forges authors, authenticators or
   * votes.
   */
  public boolean dependsOnAuthentication() {
    return id.startsWith("A") || id.startsWith("B") || id.equals("N13") || id.equals("V28");
  }
}
