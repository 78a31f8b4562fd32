package io.pbft.compare.zab;

import io.pbft.compare.sim.Outbox;
import io.pbft.compare.sim.Quorum;
import io.pbft.compare.zab.ZabMessage.Notice;
import java.util.TreeMap;

/** Phase 0: fast leader election. Who leads matters for speed only, never for safety. */
final class Election {
  private final int self;
  private final int n;
  private final Outbox out;
  private final TreeMap<Integer, Vote> votes = new TreeMap<>();
  private long round;
  private Vote own;

  Election(int self, int n, Outbox out) {
    this.self = self;
    this.n = n;
    this.out = out;
  }

  /** Begins a new round, for oneself. */
  void begin(Vote first) {
    round++;
    adopt(first);
  }

  private void adopt(Vote vote) {
    own = vote;
    votes.put(self, vote);
    tell();
  }

  /** Tells all again, as messages are lost. */
  void tell() {
    out.broadcast(new Notice(round, own, true));
  }

  /**
   * What a leader says to one that looks for one. Followers say nothing: they may be following one
   * that has given up, and would keep each other at it.
   */
  Notice settled(Vote leader) {
    return new Notice(round, leader, false);
  }

  /**
   * A notice of one that looks for a leader arrives, while this node does, too.
   *
   * @param first this node's vote for itself
   * @return whom a quorum is for, or -1 if there is nobody yet
   */
  int onNotice(int from, Notice notice, Vote first) {
    if (notice.round() < round) {
      out.send(from, new Notice(round, own, true));
    } else if (notice.round() > round) {
      round = notice.round();
      votes.clear();
      votes.put(from, notice.vote());
      adopt(notice.vote().compareTo(first) > 0 ? notice.vote() : first);
    } else {
      votes.put(from, notice.vote());
      if (notice.vote().compareTo(own) > 0) {
        adopt(notice.vote());
      }
    }
    return elected();
  }

  private int elected() {
    long supporters = 0;
    for (var entry : votes.entrySet()) {
      if (entry.getValue().equals(own)) {
        supporters = Quorum.with(supporters, entry.getKey());
      }
    }
    return Quorum.is(supporters, n) ? own.leader() : -1;
  }
}
