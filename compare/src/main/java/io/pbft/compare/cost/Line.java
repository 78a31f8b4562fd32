package io.pbft.compare.cost;

/**
 * One quantity of one protocol, per request.
 *
 * @param f faults that n replicas of the protocol tolerate
 * @param formula in n
 * @param expected the formula's value for one request
 * @param requests how many were measured
 * @param total measured, over all of them
 * @param delivered of these, how many arrived; as {@code total} for what is not a message
 */
public record Line(
    Protocol protocol,
    int f,
    int n,
    String quantity,
    String formula,
    long expected,
    int requests,
    long total,
    long delivered) {
  /** Whether exactly what the formula says was sent, and all of it arrived. */
  public boolean equal() {
    return total == expected * requests && delivered == total;
  }

  /** Measured, for one request; with a fraction if they were not all alike. */
  public String measured() {
    return total % requests == 0
        ? String.valueOf(total / requests)
        : String.valueOf((double) total / requests);
  }
}
