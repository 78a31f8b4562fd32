package io.pbft.compare.generals;

/** What a commander can order. Who hears nothing retreats. */
public enum Order {
  ATTACK,
  RETREAT;

  public Order other() {
    return this == ATTACK ? RETREAT : ATTACK;
  }

  /** {@code ATTACK} iff strictly more than half of the votes are; a tie is {@code RETREAT}. */
  public static Order majority(int attacks, int votes) {
    return 2 * attacks > votes ? ATTACK : RETREAT;
  }
}
