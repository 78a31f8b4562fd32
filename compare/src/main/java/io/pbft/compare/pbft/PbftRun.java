package io.pbft.compare.pbft;

import io.pbft.compare.sim.Counters;
import io.pbft.compare.sim.Measured;
import io.pbft.compare.sim.Message.Purpose;
import io.pbft.core.Observation;
import io.pbft.core.ProtocolConfig;
import io.pbft.core.message.MessageType;
import io.pbft.core.validation.AuthenticationMode;
import io.pbft.crypto.Principal;
import io.pbft.lab.sim.Simulation;
import java.nio.charset.StandardCharsets;

/** Failure-free requests to PBFT, one at a time, every hop taking one millisecond. */
public final class PbftRun {
  private static final long HOP_MICROS = 1_000;

  private final Simulation simulation;
  private final int n;
  private Counters counters = new Counters();
  private int answers;
  private long lastExecutionMillis;

  private PbftRun(int n, AuthenticationMode mode) {
    this.n = n;
    simulation =
        Simulation.builder().config(ProtocolConfig.of(n)).mode(mode).clients(1).seed(1).build();
    simulation.network().latency(HOP_MICROS, HOP_MICROS);
    // The filter sees every payload, replies included, which a listener of sends doesn't.
    simulation
        .network()
        .filter(
            (from, to, tag) -> {
              count(from, to, MessageType.ofTag(tag));
              return true;
            });
    simulation.listener(
        new Simulation.Listener() {
          @Override
          public void onObservation(long atMicros, int replica, Observation observation) {
            if (observation instanceof Observation.Executing) {
              lastExecutionMillis = simulation.nowMillis();
            }
          }
        });
  }

  /**
   * @param requests how many to measure, after one that warms up
   */
  public static Measured measure(int n, AuthenticationMode mode, int requests) {
    PbftRun run = new PbftRun(n, mode);
    run.request();
    Counters preparation = run.counters;
    run.counters = new Counters();
    long clientDelays = 0;
    long allDelays = 0;
    for (int i = 0; i < requests; i++) {
      long begun = run.simulation.nowMillis();
      clientDelays = run.request() - begun;
      allDelays = run.lastExecutionMillis - begun;
    }
    return new Measured(n, requests, run.counters, preparation, clientDelays, allDelays);
  }

  /** Returns when the answer came, in virtual milliseconds; then lets the rest arrive. */
  private long request() {
    int before = answers;
    byte[] operation = "k=v".getBytes(StandardCharsets.UTF_8);
    simulation.client(0).invoke(operation, result -> answers++);
    boolean answered = simulation.runUntil(() -> answers > before, 1_000);
    if (!answered) {
      throw new AssertionError("a failure-free request has no answer within a second");
    }
    long at = simulation.nowMillis();
    simulation.run(10);
    return at;
  }

  private void count(Principal from, Principal to, MessageType type) {
    Purpose purpose = purpose(type);
    counters.sent(id(from), id(to), purpose, type.name());
    // Nothing is lost and nobody is down in these runs.
    counters.delivered(id(from), id(to), purpose, type.name());
  }

  private int id(Principal principal) {
    return principal.kind() == Principal.Kind.CLIENT ? n + principal.id() : principal.id();
  }

  private static Purpose purpose(MessageType type) {
    return switch (type) {
      case PRE_PREPARE, PREPARE, COMMIT -> Purpose.ORDERING;
      case VIEW_CHANGE, NEW_VIEW -> Purpose.ELECTION;
      case CHECKPOINT, STATUS -> Purpose.BACKGROUND;
      case REQUEST, REPLY, READ_REQUEST, READ_REPLY, BUSY, STATUS_QUERY, STATUS_REPORT ->
          Purpose.CLIENT;
      default -> Purpose.REPAIR;
    };
  }
}
