package io.pbft.bench.profile;

import io.pbft.crypto.Authenticator;
import io.pbft.crypto.Digest;
import io.pbft.crypto.MacKey;
import io.pbft.crypto.SigningKey;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What a few things that every operation is made of cost on this machine: without them figures of
 * another machine say little.
 *
 * @param roundTrips a hundred bytes between two processes and back
 * @param flow the bare messages of an operation that goes alone
 * @param macNanos AES-CMAC of 100 bytes, the key ready for use
 * @param digestNanos SHA-256 of 1 KiB
 * @param verifyNanos checking an Ed25519 signature of 100 bytes
 */
record Calibration(
    RoundTrips.Costs roundTrips,
    MessageFlow.Costs flow,
    double macNanos,
    double digestNanos,
    double verifyNanos) {
  private static final double ROUND_TRIPS_SECONDS = 1.5;
  private static final double FLOW_SECONDS = 4;
  private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final int TURNS = 5;
  private static final int BETWEEN_LOOKS = 16;

  /** Takes some twenty-five seconds. */
  static Calibration measure() throws Exception {
    Authenticator mac = MacKey.fromBytes(new byte[MacKey.LENGTH]).newAuthenticator();
    byte[] message = new byte[100];
    byte[] tag = new byte[Authenticator.TAG_LENGTH];
    byte[] large = new byte[1024];
    SigningKey key = SigningKey.fromSeed(new byte[SigningKey.SEED_LENGTH]);
    byte[] signature = key.sign(message);
    return new Calibration(
        RoundTrips.measure(ROUND_TRIPS_SECONDS),
        MessageFlow.measure(FLOW_SECONDS),
        nanos(() -> mac.update(message).tag(tag, 0)),
        nanos(() -> Digest.of(large)),
        nanos(() -> key.verifyingKey().verify(message, signature)));
  }

  /** Processor time of one, the median of a few turns after one that does not count. */
  private static double nanos(Runnable work) {
    turn(work);
    double[] turns = new double[TURNS];
    Arrays.setAll(turns, i -> turn(work));
    Arrays.sort(turns);
    return turns[TURNS / 2];
  }

  private static double turn(Runnable work) {
    ThreadMXBean times = ManagementFactory.getThreadMXBean();
    long begun = times.getCurrentThreadCpuTime();
    long now = begun;
    long count = 0;
    while (now - begun < TURN_NANOS) {
      for (int i = 0; i < BETWEEN_LOOKS; i++) {
        work.run();
      }
      count += BETWEEN_LOOKS;
      now = times.getCurrentThreadCpuTime();
    }
    return (double) (now - begun) / count;
  }

  void print() {
    System.out.println(
        "This machine: 100 bytes to a process that sleeps until they come, and back: "
            + roundTrips.free()
            + roundTrips.together().map(cost -> "; both bound to one processor " + cost).orElse("")
            + roundTrips.apart().map(cost -> "; bound to two " + cost).orElse("")
            + ".");
    System.out.println(
        "The 29 messages of an operation, 100 bytes each, between four such processes and a client,"
            + " and nothing else: "
            + flow.free()
            + flow.together().map(cost -> "; all bound to one processor " + cost).orElse("")
            + ".");
    System.out.printf(
        Locale.ROOT,
        "AES-CMAC of 100 bytes: %.0f ns; SHA-256 of 1 KiB: %.0f ns; checking an Ed25519 signature"
            + " (%s): %.0f µs.%n",
        macNanos,
        digestNanos,
        SigningKey.implementation(),
        verifyNanos / 1e3);
  }
}
