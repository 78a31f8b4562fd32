package io.pbft.compare.cost;

import io.pbft.compare.sim.Client;
import io.pbft.compare.sim.Counters;
import io.pbft.compare.sim.Measured;
import io.pbft.compare.sim.Node;
import io.pbft.compare.sim.World;
import java.util.function.IntFunction;

/** Failure-free requests to a protocol of this module, one at a time, a millisecond a hop. */
final class CrashRun {
  private static final long HOP_MICROS = 1_000;

  private CrashRun() {}

  /**
   * @param leader whom the client turns to
   * @param readyMicros when a leader has been chosen
   * @param requests how many to measure
   */
  static Measured measure(
      int n, IntFunction<Node> nodes, int leader, long readyMicros, int requests) {
    World world = new World(n, 1, nodes);
    world.network().latency(HOP_MICROS, HOP_MICROS);
    world.run(readyMicros);
    Counters preparation = world.takeCounters();
    Client client = world.client(leader);
    long clientDelays = 0;
    long allDelays = 0;
    for (int i = 0; i < requests; i++) {
      long begun = world.now();
      client.ask(1);
      if (!world.runUntil(client::isDone, 1_000_000)) {
        throw new AssertionError("a failure-free request has no answer within a second");
      }
      clientDelays = client.lastLatencyMicros() / HOP_MICROS;
      world.run(10 * HOP_MICROS);
      allDelays = (world.lastDeliveryMicros() - begun) / HOP_MICROS;
    }
    return new Measured(n, requests, world.takeCounters(), preparation, clientDelays, allDelays);
  }

  /** Messages while nobody asks for anything. */
  static Counters idle(int n, IntFunction<Node> nodes, long readyMicros, long millis) {
    World world = new World(n, 1, nodes);
    world.network().latency(HOP_MICROS, HOP_MICROS);
    world.run(readyMicros);
    world.takeCounters();
    world.run(millis * 1_000);
    return world.takeCounters();
  }

  /**
   * The leader dies between two requests.
   *
   * @return what was sent until the second has its answer, with the milliseconds until then as
   *     delays
   */
  static Measured crash(int n, IntFunction<Node> nodes, int leader, long readyMicros) {
    World world = new World(n, 1, nodes);
    world.network().latency(HOP_MICROS, HOP_MICROS);
    world.run(readyMicros);
    world.takeCounters();
    Client client = world.client(leader);
    world.crash(leader);
    client.ask(1);
    if (!world.runUntil(client::isDone, 60_000_000)) {
      throw new AssertionError("no answer within a minute after the leader's crash");
    }
    long millis = client.lastLatencyMicros() / 1_000;
    return new Measured(n, 1, world.takeCounters(), new Counters(), millis, millis);
  }
}
