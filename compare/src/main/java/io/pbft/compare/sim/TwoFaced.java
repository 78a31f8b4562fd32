package io.pbft.compare.sim;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A node that is honest to all but one: in proposals to that one it puts another command.
 *
 * @param victim who is lied to
 * @param lie the command that the victim is told, for the true one
 */
public record TwoFaced(Node honest, int victim, UnaryOperator<Command> lie) implements Node {
  @Override
  public List<Effect> step(Event event) {
    return honest.step(event).stream().map(this::retell).toList();
  }

  private Effect retell(Effect effect) {
    return effect instanceof Effect.Send send && send.to() == victim
        ? new Effect.Send(victim, send.message().retold(lie))
        : effect;
  }
}
