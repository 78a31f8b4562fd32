package io.pbft.compare.report;

import io.pbft.compare.cost.Protocol;
import io.pbft.compare.lie.Told;
import java.util.Locale;

/** One sentence that says it all, made of measured numbers. */
public final class Headline {
  private static final int BATCH = 64;

  private Headline() {}

  /** For the smallest number of faults that was measured. */
  public static String of(Comparison comparison) {
    int f = comparison.faults().get(0);
    String faults =
        f == 1 ? "1 liar instead of 1 crash" : f + " liars instead of " + f + " crashes";
    return String.format(
        Locale.ROOT,
        "Surviving %s costs %d machines instead of %d, %s messages between them instead of %s for a"
            + " lone write (the busiest machine %s instead of %s), %s message delays instead of %s,"
            + " %s MACs instead of none, and for 1 KB %s bytes instead of %s; batches of %d writes"
            + " bring the messages to %.2f a write. Told one lie, %s.",
        faults,
        Protocol.PBFT_MAC.replicas(f),
        Protocol.RAFT.replicas(f),
        number(comparison, Protocol.PBFT_MAC, f, "replica messages, answered"),
        number(comparison, Protocol.RAFT, f, "replica messages, answered"),
        number(comparison, Protocol.PBFT_MAC, f, "busiest"),
        number(comparison, Protocol.RAFT, f, "busiest"),
        number(comparison, Protocol.PBFT_MAC, f, "delays, answered"),
        number(comparison, Protocol.RAFT, f, "delays, answered"),
        number(comparison, Protocol.PBFT_MAC, f, "MACs made"),
        number(comparison, Protocol.PBFT_MAC, f, "bytes, operation of 1024"),
        number(comparison, Protocol.RAFT, f, "bytes (model), operation of 1024"),
        BATCH,
        batched(comparison, f, BATCH),
        lies(comparison));
  }

  /** Messages for each request of a batch: half of what two agreements need, shared. */
  static double batched(Comparison comparison, int f, int batch) {
    String quantity = "replica messages of 1 and then " + batch + " in a batch";
    return comparison.value(Protocol.PBFT_MAC, f, quantity).orElseThrow() / 2 / batch;
  }

  private static String number(Comparison comparison, Protocol protocol, int f, String quantity) {
    double value = comparison.value(protocol, f, quantity).orElseThrow();
    return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
  }

  private static String lies(Comparison comparison) {
    return verdict(comparison, "PBFT") + ", " + verdict(comparison, "Raft");
  }

  private static String verdict(Comparison comparison, String protocol) {
    Told told =
        comparison.lies().stream()
            .filter(each -> each.protocol().startsWith(protocol))
            .findFirst()
            .orElseThrow();
    String noticed = told.isNoticed() ? "has noticed" : "has not noticed";
    return protocol + " is " + told.outcome() + " and " + noticed;
  }
}
