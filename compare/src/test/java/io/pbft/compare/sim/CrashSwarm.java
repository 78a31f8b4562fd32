package io.pbft.compare.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

/**
 * One random run: loss, duplication, reordering, partitions, nodes that die between two effects and
 * come back with what they had persisted. Then the network heals, all come back, and everything
 * must complete. {@link Oracle} watches all along.
 */
public final class CrashSwarm {
  /** Makes nodes of a cluster of that size. */
  public interface Protocol {
    IntFunction<Node> nodes(int n);
  }

  private final SplittableRandom random;
  private final int n;
  private final World world;
  private final List<Client> clients = new ArrayList<>();
  private final boolean amnesia;

  private CrashSwarm(Protocol protocol, long seed, boolean amnesia) {
    this.random = new SplittableRandom(seed);
    this.n = new int[] {3, 3, 4, 5, 7}[random.nextInt(5)];
    this.world = new World(n, seed, protocol.nodes(n));
    this.amnesia = amnesia;
  }

  /**
   * @param operations of each of three clients
   * @throws AssertionError if an invariant breaks, or something does not complete
   */
  public static void run(Protocol protocol, long seed, int operations) {
    try {
      new CrashSwarm(protocol, seed, false).run(operations);
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
  }

  /** A control: nodes forget what they had persisted; true if the oracle notices. */
  public static boolean isCaughtWithAmnesia(Protocol protocol, long seed, int operations) {
    try {
      new CrashSwarm(protocol, seed, true).run(operations);
      return false;
    } catch (AssertionError e) {
      return true;
    }
  }

  private void run(int operations) {
    world.network().latency(200, 1_000 + random.nextInt(30_000));
    for (int i = 0; i < 3; i++) {
      Client client = world.client(random.nextInt(n));
      clients.add(client);
      client.ask(operations);
    }
    int phases = 2 + random.nextInt(6);
    for (int phase = 0; phase < phases; phase++) {
      disturb();
      world.run(random.nextInt(800_000));
      killAndRestart();
      world.network().heal();
      world.run(random.nextInt(300_000));
    }
    for (int i = 0; i < n; i++) {
      world.crashAfter(i, -1);
      world.restart(i);
    }
    boolean done =
        world.runUntil(
            () -> clients.stream().allMatch(Client::isDone) && world.allCaughtUp(), 60_000_000);
    if (!done) {
      throw new AssertionError("liveness: not everything completes after the network has healed");
    }
    world.checkDurable();
  }

  private void disturb() {
    switch (random.nextInt(4)) {
      case 0 -> world.network().loss(random.nextDouble() * 0.4);
      case 1 -> isolate(random.nextInt(n));
      case 2 -> world.network().duplication(random.nextDouble());
      default -> {
        for (int i = 0; i < 2 * n; i++) {
          world.network().cut(random.nextInt(n), random.nextInt(n));
        }
      }
    }
  }

  private void isolate(int node) {
    for (int other = 0; other < n; other++) {
      world.network().cut(node, other);
      world.network().cut(other, node);
    }
  }

  /** Any number of nodes, perhaps all; some in the middle of a step. */
  private void killAndRestart() {
    for (int i = 0; i < n; i++) {
      if (random.nextInt(3) == 0) {
        world.crashAfter(i, random.nextInt(6));
      }
    }
    world.run(random.nextInt(400_000));
    for (int i = 0; i < n; i++) {
      if (amnesia && !world.isUp(i)) {
        world.restartWithoutMemory(i);
      } else if (random.nextInt(4) > 0) {
        world.restart(i);
      }
    }
  }
}
