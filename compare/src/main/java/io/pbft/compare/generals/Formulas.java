package io.pbft.compare.generals;

import java.math.BigInteger;

/** Messages of the two algorithms when nobody withholds any. */
public final class Formulas {
  private Formulas() {}

  /** OM(m): the sum over k from 1 to m + 1 of (n-1)(n-2)...(n-k). */
  public static BigInteger oralMessages(int n, int m) {
    BigInteger sum = BigInteger.ZERO;
    BigInteger product = BigInteger.ONE;
    for (int k = 1; k <= m + 1; k++) {
      product = product.multiply(BigInteger.valueOf(n - k));
      sum = sum.add(product);
    }
    return sum;
  }

  /** OM(m), all that one general tells another in a round merged: (n-1) + m(n-1)(n-2). */
  public static long oralPackets(int n, int m) {
    return (n - 1) + (long) m * (n - 1) * (n - 2);
  }

  /** SM(m) under a loyal commander: n-1 for m = 0, else (n-1)^2: each relays the order once. */
  public static long signedMessages(int n, int m) {
    return m == 0 ? n - 1 : (long) (n - 1) * (n - 1);
  }
}
