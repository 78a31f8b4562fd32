package io.pbft.compare.zab;

import io.pbft.compare.sim.Command;
import io.pbft.compare.sim.Message;
import io.pbft.compare.sim.Message.Purpose;
import io.pbft.compare.sim.Outbox;
import io.pbft.compare.sim.Quorum;
import io.pbft.compare.zab.ZabMessage.Ack;
import io.pbft.compare.zab.ZabMessage.AckEpoch;
import io.pbft.compare.zab.ZabMessage.AckLeader;
import io.pbft.compare.zab.ZabMessage.CEpoch;
import io.pbft.compare.zab.ZabMessage.Commit;
import io.pbft.compare.zab.ZabMessage.CommitLeader;
import io.pbft.compare.zab.ZabMessage.NewEpoch;
import io.pbft.compare.zab.ZabMessage.NewLeader;
import io.pbft.compare.zab.ZabMessage.Ping;
import io.pbft.compare.zab.ZabMessage.Pong;
import io.pbft.compare.zab.ZabMessage.Propose;
import io.pbft.compare.zab.ZabMessage.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** What the leader does, from phase 1 on. */
final class Leadership {
  private enum Phase {
    /** Asks which epoch can be new, and for histories. */
    DISCOVERY,
    /** Brings a quorum to the history it has chosen. */
    SYNCHRONISATION,
    BROADCAST
  }

  private final int self;
  private final int n;
  private final Outbox out;
  private final Disk disk;
  private Phase phase;
  private long epoch;
  private long highestEpoch;
  private final List<Integer> askedFor = new ArrayList<>();
  private final TreeMap<Integer, AckEpoch> histories = new TreeMap<>();

  /** How long the histories of those are who follow in this epoch. */
  private final TreeMap<Integer, Long> lengths = new TreeMap<>();

  /** To whom proposals are sent: NEWLEADER was. */
  private long followers;

  private long heard;
  private boolean behind;
  private long committed;

  Leadership(int self, int n, Outbox out, Disk disk) {
    this.self = self;
    this.n = n;
    this.out = out;
    this.disk = disk;
  }

  void begin() {
    phase = Phase.DISCOVERY;
    epoch = 0;
    highestEpoch = Math.max(highestEpoch, disk.acceptedEpoch());
    askedFor.clear();
    askedFor.add(self);
    histories.clear();
    lengths.clear();
    followers = 0;
    heard = 0;
    behind = false;
    committed = 0;
  }

  /**
   * Whether somebody has accepted an epoch that forbids it to join this one; a new epoch is needed
   * then.
   */
  boolean isBehind() {
    return behind;
  }

  /** Places in the history that a quorum has, and that may be delivered. */
  long committed() {
    return committed;
  }

  /** Whether a quorum was heard of since the last time this was asked. */
  boolean heardOfQuorum() {
    boolean enough = Quorum.is(Quorum.with(heard, self), n);
    heard = 0;
    return enough;
  }

  void onMessage(int from, Message message) {
    if (message instanceof CEpoch m) {
      onCEpoch(from, m);
    } else if (message instanceof AckEpoch m && m.epoch() == epoch) {
      onAckEpoch(from, m);
    } else if (message instanceof AckLeader m && m.epoch() == epoch) {
      onAckLeader(from, m);
    } else if (message instanceof Ack m && m.epoch() == epoch) {
      acknowledged(from, m.index());
    } else if (message instanceof Pong m && m.epoch() == epoch) {
      acknowledged(from, m.length());
      sendMissing(from, m.length());
    } else {
      // Not from a follower in this epoch: another that leads, perhaps, which is no support.
      return;
    }
    heard = Quorum.with(heard, from);
  }

  /** A new epoch is above what a quorum has ever accepted; who asks later, gets the same. */
  private void onCEpoch(int from, CEpoch m) {
    highestEpoch = Math.max(highestEpoch, m.acceptedEpoch());
    if (epoch != 0) {
      boolean other = m.acceptedEpoch() == epoch && m.acceptedLeader() != self;
      behind = behind || other || m.acceptedEpoch() > epoch;
      out.send(from, new NewEpoch(epoch));
      return;
    }
    if (!askedFor.contains(from)) {
      askedFor.add(from);
    }
    if (2 * askedFor.size() > n) {
      epoch = highestEpoch + 1;
      disk.acceptEpoch(epoch, self);
      histories.put(self, new AckEpoch(epoch, disk.currentEpoch(), disk.history()));
      askedFor.stream().filter(to -> to != self).forEach(to -> out.send(to, new NewEpoch(epoch)));
    }
  }

  private void onAckEpoch(int from, AckEpoch m) {
    if (phase != Phase.DISCOVERY) {
      sendHistory(from);
      return;
    }
    histories.put(from, m);
    if (2 * histories.size() > n) {
      phase = Phase.SYNCHRONISATION;
      disk.startEpoch(epoch, latest());
      lengths.put(self, disk.length());
      histories.keySet().stream().filter(to -> to != self).forEach(this::sendHistory);
    }
  }

  /** Of a quorum, the history of the latest epoch, and in it the longest. */
  private List<Transaction> latest() {
    AckEpoch latest = histories.get(self);
    for (AckEpoch other : histories.values()) {
      if (vote(other).compareTo(vote(latest)) > 0) {
        latest = other;
      }
    }
    return latest.history();
  }

  private static Vote vote(AckEpoch ack) {
    List<Transaction> history = ack.history();
    long last = history.isEmpty() ? 0 : history.get(history.size() - 1).epoch();
    return new Vote(ack.currentEpoch(), last, history.size(), 0);
  }

  private void sendHistory(int to) {
    followers = Quorum.with(followers, to);
    out.send(to, new NewLeader(epoch, disk.history()));
  }

  private void onAckLeader(int from, AckLeader m) {
    lengths.merge(from, m.length(), Math::max);
    if (phase == Phase.BROADCAST) {
      acknowledged(from, m.length());
      out.send(from, new CommitLeader(epoch, committed));
    } else if (2 * lengths.size() > n) {
      phase = Phase.BROADCAST;
      // Nothing was proposed in this epoch yet: all of them have all of it.
      committed = disk.length();
      lengths.keySet().stream()
          .filter(to -> to != self)
          .forEach(to -> out.send(to, new CommitLeader(epoch, committed)));
    }
  }

  void propose(Command command) {
    if (phase != Phase.BROADCAST) {
      return;
    }
    Transaction transaction = new Transaction(epoch, command);
    disk.append(transaction);
    lengths.put(self, disk.length());
    toFollowers(new Propose(epoch, disk.length(), transaction, Purpose.ORDERING));
  }

  private void toFollowers(Message message) {
    for (int to = 0; to < n; to++) {
      if (Quorum.has(followers, to)) {
        out.send(to, message);
      }
    }
  }

  private void acknowledged(int from, long length) {
    if (!lengths.containsKey(from)) {
      return;
    }
    lengths.merge(from, length, Math::max);
    long before = committed;
    while (phase == Phase.BROADCAST && isHeldByQuorum(committed + 1)) {
      committed++;
    }
    if (committed > before) {
      toFollowers(new Commit(epoch, committed));
    }
  }

  private boolean isHeldByQuorum(long index) {
    long holders = lengths.values().stream().filter(length -> length >= index).count();
    return 2 * holders > n;
  }

  private void sendMissing(int to, long length) {
    for (long index = length + 1; index <= disk.length(); index++) {
      out.send(to, new Propose(epoch, index, disk.at(index), Purpose.REPAIR));
    }
  }

  void ping() {
    if (phase == Phase.BROADCAST) {
      toFollowers(new Ping(epoch, committed));
    }
  }
}
