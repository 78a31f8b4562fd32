package io.pbft.lab.search;

import io.pbft.lab.sim.Choices;
import io.pbft.lab.sim.SimClient;
import io.pbft.lab.sim.Simulation;
import java.nio.charset.StandardCharsets;

/**
 * Clients of the register machine that each ask for one operation after the other: writes, each of
 * a value that is written once, and fast reads, of a few keys that all share.
 */
public final class Workload {
  private static final int KEYS = 4;

  private final Choices choices;
  private final double reads;
  private int left;

  private Workload(Simulation world, double reads) {
    this.choices = world.choices();
    this.reads = reads;
  }

  /**
   * Starts all clients.
   *
   * @param operations of all clients together
   * @param reads the share of fast reads, from 0 to 1
   */
  public static Workload start(Simulation world, int operations, double reads) {
    Workload load = new Workload(world, reads);
    load.left = operations;
    int clients = world.clientCount();
    for (int c = 0; c < clients; c++) {
      load.next(world.client(c), operations / clients + (c < operations % clients ? 1 : 0));
    }
    return load;
  }

  private void next(SimClient client, int remaining) {
    if (remaining == 0) {
      return;
    }
    String key = "k" + choices.below(KEYS);
    if (choices.chance(reads)) {
      client.read(bytes(key), result -> onResult(client, remaining));
    } else {
      String value = client.principal().id() + "." + remaining;
      client.invoke(bytes(key + "=" + value), result -> onResult(client, remaining));
    }
  }

  private void onResult(SimClient client, int remaining) {
    left--;
    next(client, remaining - 1);
  }

  /** Operations without a result so far. */
  public int left() {
    return left;
  }

  public boolean isDone() {
    return left == 0;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
