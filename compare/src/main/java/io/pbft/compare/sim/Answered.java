package io.pbft.compare.sim;

import java.util.TreeMap;

/** Which operations of each client were executed, and where; part of the replicated state. */
public final class Answered {
  private record Last(long number, long slot) {}

  private final TreeMap<Integer, Last> last = new TreeMap<>();

  /** Executes a decided command; one that was executed before has no effect. */
  public void execute(long slot, Command command) {
    Last before = last.get(command.client());
    if (before == null || before.number() < command.number()) {
      last.put(command.client(), new Last(command.number(), slot));
    }
  }

  /** Whether it was executed, or a later one of the same client. */
  public boolean has(Command command) {
    Last before = last.get(command.client());
    return before != null && before.number() >= command.number();
  }

  /** The reply to a command that was executed. */
  public Message.Reply reply(Command command) {
    return new Message.Reply(command, command, last.get(command.client()).slot());
  }
}
