package io.pbft.compare.sim;

/** Majorities of n nodes, as bits. */
public final class Quorum {
  private Quorum() {}

  public static boolean is(long nodes, int n) {
    return 2 * Long.bitCount(nodes) > n;
  }

  public static long with(long nodes, int node) {
    return nodes | 1L << node;
  }

  public static boolean has(long nodes, int node) {
    return (nodes >> node & 1) == 1;
  }
}
