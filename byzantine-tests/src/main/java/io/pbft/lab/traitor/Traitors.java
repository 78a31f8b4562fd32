package io.pbft.lab.traitor;

import io.pbft.core.ReplicaCore;
import java.util.function.UnaryOperator;

/** Traitors by name, to decorate a replica with. */
public final class Traitors {
  private static final double WALKER_RATE = 0.3;

  private Traitors() {}

  /**
   * @param name {@code equivocator}, {@code false-replier}, or {@code liar}, which is both
   * @param id of the replica that turns traitor
   * @param n replicas of the cluster
   * @throws IllegalArgumentException if there is no such traitor
   */
  public static UnaryOperator<ReplicaCore> named(String name, int id, int n) {
    return named(name, id, n, 0);
  }

  /**
   * As {@link #named(String, int, int)}, and also {@code mutation-walker}.
   *
   * @param seed of the random ones
   */
  public static UnaryOperator<ReplicaCore> named(String name, int id, int n, long seed) {
    return switch (name) {
      case "mutation-walker" ->
          honest -> new MutationWalker(honest, id, n, seed * 31 + id, WALKER_RATE);
      case "equivocator" -> honest -> new Equivocator(honest, id, n);
      case "false-replier" -> FalseReplier::new;
      case "liar" -> honest -> new FalseReplier(new Equivocator(honest, id, n));
      default ->
          throw new IllegalArgumentException(
              "no traitor '" + name + "': use equivocator, false-replier, liar or mutation-walker");
    };
  }
}
