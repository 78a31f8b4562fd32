package io.pbft.compare.zab;

import io.pbft.compare.sim.Command;
import io.pbft.compare.sim.Message;
import java.util.List;
import java.util.function.UnaryOperator;

/** Messages of {@link Zab}, with the paper's names. */
sealed interface ZabMessage extends Message {
  @Override
  default Purpose purpose() {
    return Purpose.ELECTION;
  }

  /**
   * Phase 0. "I am for that leader."
   *
   * @param round of the election, as the sender counts
   * @param vote for whom
   * @param looking false from one that leads
   */
  record Notice(long round, Vote vote, boolean looking) implements ZabMessage {}

  /** Phase 1, CEPOCH: the last epoch that the follower has acknowledged, and to which leader. */
  record CEpoch(long acceptedEpoch, int acceptedLeader) implements ZabMessage {}

  /** Phase 1, NEWEPOCH. */
  record NewEpoch(long epoch) implements ZabMessage {}

  /** Phase 1, ACK-E: the follower's epoch and history. */
  record AckEpoch(long epoch, long currentEpoch, List<Transaction> history) implements ZabMessage {}

  /** Phase 2, NEWLEADER: the initial history of the epoch. */
  record NewLeader(long epoch, List<Transaction> history) implements ZabMessage {}

  /** Phase 2, ACK-LD, with the length of the history that was taken over. */
  record AckLeader(long epoch, long length) implements ZabMessage {}

  /** Phase 2, COMMIT-LD. */
  record CommitLeader(long epoch, long upTo) implements ZabMessage {}

  /**
   * Phase 3.
   *
   * @param index its place in the history, from 1
   */
  record Propose(long epoch, long index, Transaction transaction, Purpose purpose)
      implements ZabMessage {
    @Override
    public Message retold(UnaryOperator<Command> lie) {
      Transaction other = new Transaction(transaction.epoch(), lie.apply(transaction.command()));
      return new Propose(epoch, index, other, purpose);
    }
  }

  /** Phase 3: the follower's history is that long. */
  record Ack(long epoch, long index, Purpose purpose) implements ZabMessage {}

  /** Phase 3. */
  record Commit(long epoch, long upTo) implements ZabMessage {
    @Override
    public Purpose purpose() {
      return Purpose.ORDERING;
    }
  }

  record Ping(long epoch, long upTo) implements ZabMessage {
    @Override
    public Purpose purpose() {
      return Purpose.BACKGROUND;
    }
  }

  record Pong(long epoch, long length) implements ZabMessage {
    @Override
    public Purpose purpose() {
      return Purpose.BACKGROUND;
    }
  }

  /** A command, and in which epoch a leader proposed it first. */
  record Transaction(long epoch, Command command) {}
}
