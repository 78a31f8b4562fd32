package io.pbft.compare.cost;

/**
 * One quantity of one protocol, per request.
 *
 * @param f faults that n replicas of the protocol tolerate
 * @param formula in n and S, the bytes of an operation; empty for what has none and is only shown
 * @param expected the formula's value for one request
 * @param requests how many were measured
 * @param total measured, over all of them
 * @param delivered of these, how many arrived; as {@code total} for what is not a message
 */
public record Line(
    Protocol protocol,
    int f,
    int n,
    Section section,
    String quantity,
    String formula,
    long expected,
    int requests,
    long total,
    long delivered) {
  /** Which cost it is. */
  public enum Section {
    REQUEST("Messages and delays of a request"),
    BYTES("Bytes between replicas, of a request"),
    CRYPTOGRAPHY("MACs and signatures of a request"),
    IDLE("Messages while nobody asks for anything"),
    CRASH("The leader dies between two requests");

    private final String title;

    Section(String title) {
      this.title = title;
    }

    public String title() {
      return title;
    }
  }

  public boolean hasFormula() {
    return !formula.isEmpty();
  }

  /**
   * Whether exactly what the formula says was sent, and all of it arrived; true for what has no
   * formula.
   */
  public boolean equal() {
    return !hasFormula() || (total == expected * requests && delivered == total);
  }

  /** Measured, for one request; with a fraction if they were not all alike. */
  public String measured() {
    return total % requests == 0
        ? String.valueOf(total / requests)
        : String.valueOf((double) total / requests);
  }
}
