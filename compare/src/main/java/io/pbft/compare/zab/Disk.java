package io.pbft.compare.zab;

import io.pbft.compare.sim.Command;
import io.pbft.compare.sim.Fact;
import io.pbft.compare.sim.Outbox;
import io.pbft.compare.zab.ZabMessage.Transaction;
import java.util.ArrayList;
import java.util.List;

/** What a node must not forget: the paper's f.p, f.a and h_f. */
final class Disk {
  private record EpochAccepted(long epoch, int leader) implements Fact {}

  private record HistoryReplaced(long epoch, List<Transaction> history) implements Fact {}

  private record Appended(Transaction transaction) implements Fact {}

  private final Outbox out;
  private final List<Transaction> history = new ArrayList<>();
  private long acceptedEpoch;
  private int acceptedLeader = -1;
  private long currentEpoch;

  Disk(Outbox out) {
    this.out = out;
  }

  void recover(List<Fact> journal) {
    for (Fact fact : journal) {
      apply(fact);
    }
  }

  private void apply(Fact fact) {
    if (fact instanceof EpochAccepted f) {
      acceptedEpoch = f.epoch();
      acceptedLeader = f.leader();
    } else if (fact instanceof HistoryReplaced f) {
      currentEpoch = f.epoch();
      history.clear();
      history.addAll(f.history());
    } else if (fact instanceof Appended f) {
      history.add(f.transaction());
    }
  }

  private void write(Fact fact) {
    apply(fact);
    out.persist(fact);
  }

  /**
   * Promises to follow nobody of a lower epoch, and in this epoch nobody else.
   *
   * @return whether that is possible
   */
  boolean acceptEpoch(long epoch, int leader) {
    if (epoch > acceptedEpoch) {
      write(new EpochAccepted(epoch, leader));
    }
    return acceptedEpoch == epoch && acceptedLeader == leader;
  }

  /** Takes over the initial history of an epoch; keeps its own if that has grown from it. */
  void startEpoch(long epoch, List<Transaction> initial) {
    if (currentEpoch != epoch || history.size() < initial.size()) {
      write(new HistoryReplaced(epoch, List.copyOf(initial)));
    }
  }

  void append(Transaction transaction) {
    write(new Appended(transaction));
  }

  long acceptedEpoch() {
    return acceptedEpoch;
  }

  int acceptedLeader() {
    return acceptedLeader;
  }

  long currentEpoch() {
    return currentEpoch;
  }

  List<Transaction> history() {
    return List.copyOf(history);
  }

  long length() {
    return history.size();
  }

  /** The transaction at that place, from 1. */
  Transaction at(long index) {
    return history.get((int) index - 1);
  }

  Vote vote(int self) {
    long lastEpoch = history.isEmpty() ? 0 : history.get(history.size() - 1).epoch();
    return new Vote(currentEpoch, lastEpoch, history.size(), self);
  }

  boolean hasSince(long index, Command command) {
    return history.subList((int) index, history.size()).stream()
        .anyMatch(transaction -> transaction.command().equals(command));
  }
}
