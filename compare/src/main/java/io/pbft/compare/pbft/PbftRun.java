package io.pbft.compare.pbft;

import io.pbft.compare.sim.Counters;
import io.pbft.compare.sim.Measured;
import io.pbft.core.Observation;
import io.pbft.core.ProtocolConfig;
import io.pbft.core.codec.Codec;
import io.pbft.core.validation.AuthenticationMode;
import io.pbft.crypto.Principal;
import io.pbft.lab.sim.RunListener;
import io.pbft.lab.sim.Simulation;
import java.util.Arrays;

/** Requests to PBFT in virtual time, every hop taking one millisecond. */
public final class PbftRun {
  private static final long HOP_MICROS = 1_000;
  private static final long PATIENCE_MILLIS = 60_000;

  private final Simulation simulation;
  private final Codec codec;
  private final int n;
  private PbftMeter meter;
  private int answers;
  private long lastExecutionMillis;

  private PbftRun(ProtocolConfig config, AuthenticationMode mode) {
    n = config.n();
    codec = new Codec(config.limits());
    simulation = Simulation.builder().config(config).mode(mode).clients(1).seed(1).build();
    meter = newMeter();
    simulation.network().latency(HOP_MICROS, HOP_MICROS);
    // The tamper sees every payload, replies included, which a listener of sends doesn't.
    simulation
        .network()
        .tamper(
            (from, to, payload) -> {
              meter.onSent(from, to, payload, isUp(to), simulation.elapsedMicros());
              return false;
            });
    simulation.listener(
        new RunListener() {
          @Override
          public void onObservation(long atMicros, int replica, Observation observation) {
            if (observation instanceof Observation.Executing) {
              lastExecutionMillis = simulation.nowMillis();
            }
          }
        });
    request(1);
    takeMeter();
  }

  private boolean isUp(Principal to) {
    return to.kind() == Principal.Kind.CLIENT || !simulation.replica(to.id()).isStopped();
  }

  private PbftMeter takeMeter() {
    PbftMeter taken = meter;
    meter = newMeter();
    return taken;
  }

  private PbftMeter newMeter() {
    PbftMeter fresh = new PbftMeter(n, codec);
    fresh.counters().timed(simulation::elapsedMicros);
    return fresh;
  }

  /**
   * @param requests how many to measure, after one that warms up
   */
  public static Measured measure(int n, AuthenticationMode mode, int requests) {
    PbftRun run = new PbftRun(ProtocolConfig.of(n), mode);
    long clientDelays = 0;
    long allDelays = 0;
    for (int i = 0; i < requests; i++) {
      long begun = run.simulation.nowMillis();
      clientDelays = run.request(3) - begun;
      allDelays = run.lastExecutionMillis - begun;
    }
    Counters counters = run.takeMeter().counters();
    return new Measured(n, requests, counters, new Counters(), clientDelays, allDelays);
  }

  /** Fast reads, which replicas answer without agreeing on anything. */
  public static Measured reads(int n, int requests) {
    PbftRun run = new PbftRun(ProtocolConfig.of(n), AuthenticationMode.MAC);
    long delays = 0;
    for (int i = 0; i < requests; i++) {
      int before = run.answers;
      long begun = run.simulation.nowMillis();
      run.simulation.client(0).read(operation(1), result -> run.answers++);
      delays = run.await(before + 1) - begun;
      run.simulation.run(10);
    }
    Counters counters = run.takeMeter().counters();
    return new Measured(n, requests, counters, new Counters(), delays, delays);
  }

  /**
   * What tentative execution makes of requests that follow each other (OSDI'99, section 5.1).
   *
   * @param frames ordering messages between replicas, where those that go together count once
   * @param delays of the last one, until its answer
   */
  public record Tentative(int requests, long frames, long delays) {}

  /** One request after the other, as soon as there is an answer, without batching. */
  public static Tentative tentative(int n, int requests) {
    ProtocolConfig config =
        ProtocolConfig.of(n).toBuilder()
            .tentativeExecution(true)
            .checkpointInterval(2 * requests)
            .logWindow(8 * requests)
            .build();
    PbftRun run = new PbftRun(config, AuthenticationMode.MAC);
    for (int i = 1; i < config.checkpointInterval(); i++) {
      run.request(3);
    }
    run.simulation.run(100);
    run.takeMeter();
    long delays = 0;
    for (int i = 0; i < requests; i++) {
      int before = run.answers;
      long begun = run.simulation.nowMillis();
      run.simulation.client(0).invoke(operation(3), result -> run.answers++);
      delays = run.await(before + 1) - begun;
    }
    return new Tentative(requests, run.takeMeter().frames(), delays);
  }

  /** What requests with operations of that size cost in bytes and cryptography. */
  public static PbftMeter meter(int n, AuthenticationMode mode, int requests, int bytes) {
    PbftRun run = new PbftRun(ProtocolConfig.of(n), mode);
    for (int i = 0; i < requests; i++) {
      run.request(bytes);
    }
    return run.takeMeter();
  }

  /** From one checkpoint to the next: as many requests as the interval has numbers. */
  public static PbftMeter interval(int n) {
    ProtocolConfig config = ProtocolConfig.of(n);
    return meter(n, AuthenticationMode.MAC, config.checkpointInterval(), 3);
  }

  /**
   * A request that goes alone, and {@code batch} more that come meanwhile and are agreed on
   * together: the primary has one batch in flight at a time.
   */
  public static Counters batches(int n, int batch) {
    ProtocolConfig usual = ProtocolConfig.of(n);
    PbftRun run = new PbftRun(usual.toBuilder().pipeline(1).build(), AuthenticationMode.MAC);
    // A session may have so many in flight when it has had as many answers.
    run.together(1 + batch);
    run.takeMeter();
    run.together(1 + batch);
    return run.takeMeter().counters();
  }

  private void together(int requests) {
    int before = answers;
    for (int i = 0; i < requests; i++) {
      simulation.client(0).invoke(operation(3), result -> answers++);
    }
    await(before + requests);
    simulation.run(10);
  }

  /** Messages while nobody asks for anything. */
  public static Counters idle(int n, long millis) {
    PbftRun run = new PbftRun(ProtocolConfig.of(n), AuthenticationMode.MAC);
    run.simulation.run(millis);
    return run.takeMeter().counters();
  }

  /**
   * The primary dies between two requests.
   *
   * @return what was sent until the second has its answer and every replica that is up has executed
   *     it, with the milliseconds until the answer as delays
   */
  public static Measured crash(int n, AuthenticationMode mode) {
    PbftRun run = new PbftRun(ProtocolConfig.of(n), mode);
    run.simulation.crash(0);
    long begun = run.simulation.nowMillis();
    long answered = run.request(3);
    Counters counters = run.takeMeter().counters();
    return new Measured(
        n, 1, counters, new Counters(), answered - begun, run.lastExecutionMillis - begun);
  }

  /** Returns when the answer came, in virtual milliseconds; then lets the rest arrive. */
  private long request(int bytes) {
    int before = answers;
    simulation.client(0).invoke(operation(bytes), result -> answers++);
    long at = await(before + 1);
    simulation.run(10);
    return at;
  }

  private long await(int expected) {
    if (!simulation.runUntil(() -> answers >= expected, PATIENCE_MILLIS)) {
      throw new AssertionError("a request has no answer within a minute");
    }
    return simulation.nowMillis();
  }

  /** {@code k=vvv...} of that many bytes; a read of {@code k} if it is one. */
  private static byte[] operation(int bytes) {
    byte[] operation = new byte[bytes];
    Arrays.fill(operation, (byte) 'v');
    operation[0] = 'k';
    if (bytes > 1) {
      operation[1] = '=';
    }
    return operation;
  }
}
