package io.pbft.compare.paxos;

import io.pbft.compare.sim.Command;
import io.pbft.compare.sim.Message;
import java.util.SortedMap;
import java.util.function.UnaryOperator;

/** Messages of {@link MultiPaxos}. */
sealed interface MultiMessage extends Message {
  /** What an acceptor holds at a place. */
  record Entry(Ballot ballot, Command command) {}

  /** 1a, for all places from {@code from} on. */
  record Prepare(Ballot ballot, long from) implements MultiMessage {
    @Override
    public Purpose purpose() {
      return Purpose.ELECTION;
    }
  }

  /** 1b, with everything accepted from there on. */
  record Promise(Ballot ballot, SortedMap<Long, Entry> accepted) implements MultiMessage {
    @Override
    public Purpose purpose() {
      return Purpose.ELECTION;
    }
  }

  /**
   * 2a.
   *
   * @param purpose a first time, again, or to settle what an earlier leader left behind
   */
  record Accept(Ballot ballot, long slot, Command command, Purpose purpose)
      implements MultiMessage {
    @Override
    public Message retold(UnaryOperator<Command> lie) {
      return new Accept(ballot, slot, lie.apply(command), purpose);
    }
  }

  /** 2b. */
  record Accepted(Ballot ballot, long slot, Purpose purpose) implements MultiMessage {}

  /** All places up to there are chosen. */
  record Commit(Ballot ballot, long upTo) implements MultiMessage {
    @Override
    public Purpose purpose() {
      return Purpose.ORDERING;
    }
  }

  record Heartbeat(Ballot ballot, long upTo) implements MultiMessage {
    @Override
    public Purpose purpose() {
      return Purpose.BACKGROUND;
    }
  }

  /** The ballot is too low. */
  record Nack(Ballot promised) implements MultiMessage {
    @Override
    public Purpose purpose() {
      return Purpose.REPAIR;
    }
  }

  /** What was chosen from there on? */
  record Learn(long from) implements MultiMessage {
    @Override
    public Purpose purpose() {
      return Purpose.REPAIR;
    }
  }

  record Learned(SortedMap<Long, Command> chosen) implements MultiMessage {
    @Override
    public Purpose purpose() {
      return Purpose.REPAIR;
    }
  }
}
