package io.pbft.lab.play;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.Quorums;
import io.pbft.core.codec.Limits;
import io.pbft.core.validation.AuthenticationMode;
import io.pbft.lab.scenario.Phrase;
import io.pbft.lab.scenario.Span;
import java.util.Locale;

/** A scenario's {@code cluster} line as a configuration. Short logs, so that much happens soon. */
final class Settings {
  private static final ProtocolConfig NO_TIMERS = ProtocolConfig.of(4);

  private Settings() {}

  static ProtocolConfig config(Phrase cluster) {
    int checkpoint = (int) cluster.number("checkpoint", 8);
    long viewTimeout = millis(cluster, "view-timeout", 400);
    return ProtocolConfig.of((int) cluster.number("n", 4)).toBuilder()
        .checkpointInterval(checkpoint)
        .logWindow((int) cluster.number("window", 4L * checkpoint))
        .logBytes(cluster.number("log-bytes", ProtocolConfig.DEFAULT_LOG_BYTES))
        .history(0)
        .pipeline((int) cluster.number("pipeline", 4))
        .clientWindow((int) cluster.number("client-window", 64))
        .sessionsPerClient(8)
        .requestTimeoutMillis(millis(cluster, "request-timeout", 300))
        .viewChangeTimeoutMillis(viewTimeout)
        .viewChangeTimeoutCapMillis(
            millis(cluster, "view-timeout-cap", Math.max(5_000, viewTimeout)))
        .statusIntervalMillis(millis(cluster, "status-interval", 100))
        .maxClockSkewMillis(millis(cluster, "skew", 5_000))
        .tentativeExecution(cluster.has("tentative"))
        .clientSignatures(cluster.word("requests", "mac").equals("signature"))
        .limits(limits(cluster))
        .build();
  }

  /**
   * How many traitors the replicas believe to bear: as many as n does, unless a control says more.
   *
   * @throws IllegalArgumentException if it says less, or so many that no quorum is left
   */
  static int traitors(Phrase cluster, Quorums proper) {
    long f = cluster.number("f", proper.f());
    if (f < proper.f() || 2 * f > proper.n()) {
      throw new IllegalArgumentException(
          "f=" + f + ": n=" + proper.n() + " bears " + proper.f() + ", and 2f must not exceed n");
    }
    return (int) f;
  }

  private static Limits limits(Phrase cluster) {
    Limits usual = Limits.DEFAULT;
    int batchBytes = (int) cluster.number("batch-bytes", usual.batchBytes());
    return new Limits(
        usual.frameBytes(),
        Math.min(usual.operationBytes(), batchBytes),
        usual.resultBytes(),
        (int) cluster.number("batch-limit", usual.batchRequests()),
        batchBytes);
  }

  static AuthenticationMode mode(Phrase cluster) {
    return AuthenticationMode.valueOf(cluster.word("auth", "mac").toUpperCase(Locale.ROOT));
  }

  private static long millis(Phrase cluster, String name, long otherwise) {
    return cluster.span(name, Span.millis(otherwise)).toMicros(NO_TIMERS) / 1_000;
  }
}
