package io.pbft.compare.zab;

import io.pbft.compare.sim.Answered;
import io.pbft.compare.sim.Command;
import io.pbft.compare.sim.Fact;
import io.pbft.compare.sim.HandlerNode;
import io.pbft.compare.sim.Message;
import io.pbft.compare.zab.ZabMessage.Ack;
import io.pbft.compare.zab.ZabMessage.AckEpoch;
import io.pbft.compare.zab.ZabMessage.AckLeader;
import io.pbft.compare.zab.ZabMessage.CEpoch;
import io.pbft.compare.zab.ZabMessage.Commit;
import io.pbft.compare.zab.ZabMessage.CommitLeader;
import io.pbft.compare.zab.ZabMessage.NewEpoch;
import io.pbft.compare.zab.ZabMessage.NewLeader;
import io.pbft.compare.zab.ZabMessage.Notice;
import io.pbft.compare.zab.ZabMessage.Ping;
import io.pbft.compare.zab.ZabMessage.Pong;
import io.pbft.compare.zab.ZabMessage.Propose;
import java.util.List;

/**
 * One node: looks for a leader, then follows it or is it. The leader's part is {@link Leadership}.
 */
public final class Zab extends HandlerNode {
  private enum State {
    LOOKING,
    FOLLOWING,
    LEADING
  }

  /** While looking: tell again whom one votes for. */
  private static final String NOTICE = "notice";

  /** While looking: a quorum has agreed; a better vote may still be on its way. */
  private static final String SETTLE = "settle";

  /** While following or leading: nothing was heard of the leader, or of a quorum. */
  private static final String PATIENCE = "patience";

  /** The leader pings; a follower that is not in the epoch yet asks again. */
  private static final String TICK = "tick";

  private static final long NOTICE_MICROS = 90_000;
  private static final long SETTLE_MICROS = 40_000;
  private static final long PATIENCE_MICROS = 250_000;
  private static final long TICK_MICROS = 40_000;

  private final Disk disk;
  private final Election election;
  private final Leadership leadership;
  private final Answered answered = new Answered();
  private State state = State.LOOKING;
  private int leader = -1;
  private int elected = -1;
  private long epoch;
  private boolean synced;
  private long delivered;

  public Zab(int self, int n) {
    super(self, n);
    this.disk = new Disk(out);
    this.election = new Election(self, n, out);
    this.leadership = new Leadership(self, n, out, disk);
  }

  @Override
  protected void onStart(List<Fact> journal) {
    disk.recover(journal);
    look();
  }

  private void look() {
    state = State.LOOKING;
    leader = -1;
    elected = -1;
    synced = false;
    out.cancel(PATIENCE);
    out.cancel(TICK);
    election.begin(disk.vote(self));
    out.arm(NOTICE, NOTICE_MICROS);
  }

  private void follow(int node) {
    leader = node;
    out.cancel(NOTICE);
    out.cancel(SETTLE);
    out.arm(PATIENCE, PATIENCE_MICROS);
    out.arm(TICK, TICK_MICROS);
    if (leader == self) {
      state = State.LEADING;
      leadership.begin();
    } else {
      state = State.FOLLOWING;
      askForEpoch();
    }
  }

  private void askForEpoch() {
    out.send(leader, new CEpoch(disk.acceptedEpoch(), disk.acceptedLeader()));
  }

  @Override
  protected void onTimer(String timer) {
    if (timer.equals(NOTICE)) {
      election.tell();
      out.arm(NOTICE, NOTICE_MICROS);
    } else if (timer.equals(SETTLE)) {
      follow(elected);
    } else if (timer.equals(PATIENCE)) {
      onPatience();
    } else {
      if (state == State.LEADING) {
        leadership.ping();
      } else if (!synced) {
        askForEpoch();
      }
      out.arm(TICK, TICK_MICROS);
    }
  }

  private void onPatience() {
    if (state == State.LEADING && leadership.heardOfQuorum()) {
      out.arm(PATIENCE, PATIENCE_MICROS);
    } else {
      look();
    }
  }

  @Override
  protected void onMessage(int from, Message message) {
    if (message instanceof Message.Request m) {
      onRequest(m.command());
    } else if (message instanceof Notice m) {
      onNotice(from, m);
    } else if (state == State.LEADING) {
      leadership.onMessage(from, message);
      deliver(leadership.committed());
      if (leadership.isBehind()) {
        look();
      }
    } else if (state == State.FOLLOWING && from == leader) {
      onLeaderMessage(message);
    }
  }

  private void onNotice(int from, Notice notice) {
    if (state == State.LOOKING && !notice.looking()) {
      follow(from);
    } else if (state == State.LOOKING) {
      settle(election.onNotice(from, notice, disk.vote(self)));
    } else if (notice.looking() && state == State.LEADING) {
      out.send(from, election.settled(disk.vote(self)));
    }
  }

  private void settle(int candidate) {
    if (candidate < 0) {
      out.cancel(SETTLE);
    } else if (candidate != elected) {
      out.arm(SETTLE, SETTLE_MICROS);
    }
    elected = candidate;
  }

  private void onRequest(Command command) {
    if (state == State.LEADING) {
      if (answered.has(command)) {
        out.send(command.client(), answered.reply(command));
      } else if (!disk.hasSince(delivered, command)) {
        leadership.propose(command);
      }
    } else if (leader >= 0) {
      out.send(command.client(), new Message.Redirect(command, leader));
    }
  }

  private void onLeaderMessage(Message message) {
    if (message instanceof NewEpoch m) {
      onNewEpoch(m);
    } else if (message instanceof NewLeader m) {
      onNewLeader(m);
    } else if (message instanceof CommitLeader m) {
      onCommit(m.epoch(), m.upTo());
    } else if (message instanceof Propose m) {
      onPropose(m);
    } else if (message instanceof Commit m) {
      onCommit(m.epoch(), m.upTo());
    } else if (message instanceof Ping m) {
      onPing(m);
    }
  }

  private void onNewEpoch(NewEpoch m) {
    if (disk.acceptEpoch(m.epoch(), leader)) {
      synced = synced && epoch == m.epoch();
      epoch = m.epoch();
      out.arm(PATIENCE, PATIENCE_MICROS);
      out.send(leader, new AckEpoch(epoch, disk.currentEpoch(), disk.history()));
    } else if (m.epoch() < disk.acceptedEpoch()) {
      look();
    }
  }

  private void onNewLeader(NewLeader m) {
    if (!disk.acceptEpoch(m.epoch(), leader)) {
      return;
    }
    epoch = m.epoch();
    disk.startEpoch(epoch, m.history());
    synced = true;
    out.arm(PATIENCE, PATIENCE_MICROS);
    out.send(leader, new AckLeader(epoch, disk.length()));
  }

  private boolean isCurrent(long of) {
    return synced && of == epoch && disk.acceptedEpoch() == epoch;
  }

  /**
   * In order only: what comes too early is dropped, and sent again when a pong shows it missing.
   */
  private void onPropose(Propose m) {
    if (!isCurrent(m.epoch())) {
      return;
    }
    if (m.index() == disk.length() + 1) {
      disk.append(m.transaction());
    }
    if (m.index() <= disk.length()) {
      out.send(leader, new Ack(epoch, disk.length(), m.purpose()));
    }
  }

  private void onCommit(long of, long upTo) {
    if (isCurrent(of)) {
      deliver(Math.min(upTo, disk.length()));
    }
  }

  private void onPing(Ping m) {
    if (isCurrent(m.epoch())) {
      out.arm(PATIENCE, PATIENCE_MICROS);
      onCommit(m.epoch(), m.upTo());
      out.send(leader, new Pong(epoch, disk.length()));
    }
  }

  private void deliver(long upTo) {
    while (delivered < upTo) {
      delivered++;
      Command command = disk.at(delivered).command();
      out.deliver(delivered, command);
      answered.execute(delivered, command);
      if (state == State.LEADING) {
        out.send(command.client(), answered.reply(command));
      }
    }
  }
}
