package io.pbft.compare.lie;

import io.pbft.compare.paxos.MultiPaxos;
import io.pbft.compare.pbft.PbftLie;
import io.pbft.compare.raft.RaftLie;
import io.pbft.compare.sim.Aftermath;
import io.pbft.compare.sim.Client;
import io.pbft.compare.sim.Command;
import io.pbft.compare.sim.Node;
import io.pbft.compare.sim.TwoFaced;
import io.pbft.compare.sim.World;
import io.pbft.compare.zab.Zab;
import io.pbft.core.validation.AuthenticationMode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Tells the lie everywhere, with as many replicas as tolerate one fault: three operations are asked
 * for one after the other, and of the second one follower is told something else. Deterministic.
 */
public final class Lies {
  private static final int OPERATIONS = 3;
  private static final int LIE_AT = 2;
  private static final long FALSE_NUMBER = 999;
  private static final long SECOND_MICROS = 1_000_000;
  private static final String ANOTHER = "one follower is told another operation";

  private Lies() {}

  /** All of them. */
  public static List<Told> all() {
    return List.of(
        new Told(
            "PBFT (mac)",
            4,
            ANOTHER,
            PbftLie.altered(AuthenticationMode.MAC),
            new LiePage("altered-mac")),
        new Told(
            "PBFT (signature)",
            4,
            ANOTHER,
            PbftLie.altered(AuthenticationMode.SIGNATURE),
            new LiePage("altered-signature")),
        new Told(
            "PBFT (mac)",
            4,
            "two followers are told another batch of authentic requests; the leader votes for none",
            PbftLie.split(AuthenticationMode.MAC),
            new LiePage("split")),
        new Told("Raft (MicroRaft 0.7)", 3, ANOTHER, RaftLie.altered(3)),
        new Told("Multi-Paxos", 3, ANOTHER, crashTolerant(id -> new MultiPaxos(id, 3), 0, 1)),
        new Told("ZAB", 3, ANOTHER, crashTolerant(id -> new Zab(id, 3), 2, 1)));
  }

  private static Aftermath crashTolerant(IntFunction<Node> nodes, int liar, int victim) {
    IntFunction<Node> lying =
        id -> id == liar ? new TwoFaced(nodes.apply(id), victim, Lies::retold) : nodes.apply(id);
    // These nodes have nothing to notice a lie with. The oracle, which sees all, is no replica.
    World world = new World(3, 1, lying).onViolation(violation -> {});
    world.run(SECOND_MICROS / 4);
    Client client = world.client(liar);
    client.ask(OPERATIONS);
    boolean answered = world.runUntil(client::isDone, 10 * SECOND_MICROS);
    world.run(SECOND_MICROS);
    List<Aftermath.State> states = new ArrayList<>();
    for (int i = 0; i < world.nodes(); i++) {
      if (i != liar) {
        states.add(new Aftermath.State(i, world.log(i).toString()));
      }
    }
    return new Aftermath(states, OPERATIONS, answered ? OPERATIONS : 0, List.of());
  }

  private static Command retold(Command command) {
    return command.number() == LIE_AT ? new Command(command.client(), FALSE_NUMBER) : command;
  }
}
