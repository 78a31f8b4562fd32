package io.pbft.compare.sim;

import java.util.Locale;
import java.util.function.UnaryOperator;

/** What nodes and clients send each other. */
public interface Message {
  /** What a message is for, so that costs are not mixed. */
  enum Purpose {
    /** Needed to order a command. */
    ORDERING,
    /** Needed to choose a leader and to bring the others to its state. */
    ELECTION,
    /** Sent whether or not there is anything to order. */
    BACKGROUND,
    /** Sent because something was lost. */
    REPAIR,
    /** From or to a client. */
    CLIENT
  }

  Purpose purpose();

  /** As in the protocol's paper, in capitals. */
  default String type() {
    return getClass()
        .getSimpleName()
        .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
        .toUpperCase(Locale.ROOT);
  }

  /** The same with another command in the proposal, if it is one; what a liar sends. */
  default Message retold(UnaryOperator<Command> lie) {
    return this;
  }

  /** A client asks. */
  record Request(Command command) implements Message {
    @Override
    public Purpose purpose() {
      return Purpose.CLIENT;
    }
  }

  /** The command asked for is decided; {@code decided} is another one where only one can be. */
  record Reply(Command asked, Command decided, long slot) implements Message {
    @Override
    public Purpose purpose() {
      return Purpose.CLIENT;
    }
  }

  /** Ask that one. */
  record Redirect(Command asked, int leader) implements Message {
    @Override
    public Purpose purpose() {
      return Purpose.CLIENT;
    }
  }
}
