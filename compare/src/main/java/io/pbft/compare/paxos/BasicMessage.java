package io.pbft.compare.paxos;

import io.pbft.compare.sim.Command;
import io.pbft.compare.sim.Message;

/** Messages of {@link BasicPaxos}; the paper's phases 1a, 1b, 2a, 2b. */
sealed interface BasicMessage extends Message {
  @Override
  default Purpose purpose() {
    return Purpose.ORDERING;
  }

  /** 1a. */
  record Prepare(Ballot ballot) implements BasicMessage {}

  /** 1b: the accepted ballot is {@link Ballot#NONE}, the command null, where there is none. */
  record Promise(Ballot ballot, Ballot accepted, Command command) implements BasicMessage {}

  /** 2a. */
  record Accept(Ballot ballot, Command command) implements BasicMessage {}

  /** 2b. */
  record Accepted(Ballot ballot) implements BasicMessage {}

  /** Tells the learners. */
  record Decide(Command command) implements BasicMessage {}

  /** The ballot is too low; a courtesy that saves the proposer time. */
  record Nack(Ballot promised) implements BasicMessage {
    @Override
    public Purpose purpose() {
      return Purpose.REPAIR;
    }
  }

  /** Has anything been chosen? */
  record Ask() implements BasicMessage {
    @Override
    public Purpose purpose() {
      return Purpose.REPAIR;
    }
  }
}
