package io.pbft.core;

/**
 * Sizes for {@code n} replicas, any {@code n >= 4}.
 *
 * @param n replicas
 * @param f traitors tolerated, {@code floor((n-1)/3)}
 * @param quorum {@code ceil((n+f+1)/2)}: any two share a correct replica
 * @param weak {@code f+1}: at least one correct replica
 */
public record Quorums(int n, int f, int quorum, int weak) {
  public static final int MIN_REPLICAS = 4;

  public static Quorums of(int n) {
    if (n < MIN_REPLICAS) {
      throw new IllegalArgumentException(
          "need at least 4 replicas to tolerate one traitor, not " + n);
    }
    int f = (n - 1) / 3;
    return new Quorums(n, f, (n + f + 2) / 2, f + 1);
  }

  /** The primary of a view: {@code v mod n}. */
  public int primary(long view) {
    return (int) (view % n);
  }
}
