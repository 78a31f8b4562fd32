package io.pbft.compare.paxos;

import io.pbft.compare.paxos.MultiMessage.Accept;
import io.pbft.compare.paxos.MultiMessage.Accepted;
import io.pbft.compare.paxos.MultiMessage.Commit;
import io.pbft.compare.paxos.MultiMessage.Entry;
import io.pbft.compare.paxos.MultiMessage.Heartbeat;
import io.pbft.compare.paxos.MultiMessage.Learn;
import io.pbft.compare.paxos.MultiMessage.Learned;
import io.pbft.compare.paxos.MultiMessage.Nack;
import io.pbft.compare.paxos.MultiMessage.Prepare;
import io.pbft.compare.paxos.MultiMessage.Promise;
import io.pbft.compare.sim.Answered;
import io.pbft.compare.sim.Command;
import io.pbft.compare.sim.Fact;
import io.pbft.compare.sim.HandlerNode;
import io.pbft.compare.sim.Message;
import io.pbft.compare.sim.Message.Purpose;
import io.pbft.compare.sim.Quorum;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Multi-Paxos: phase 1 once for a leadership and all places to come, phase 2 for each command, and
 * an explicit commit. A node that hears no leader for a while tries to become it.
 */
public final class MultiPaxos extends HandlerNode {
  private record Promised(Ballot ballot) implements Fact {}

  private record AcceptedFact(long slot, Entry entry) implements Fact {}

  private enum Role {
    FOLLOWER,
    CANDIDATE,
    LEADER
  }

  private static final String ELECTION = "election";
  private static final String HEARTBEAT = "heartbeat";
  private static final long HEARTBEAT_MICROS = 40_000;

  /** Places told at once to one who lags. */
  private static final int LEARN_AT_MOST = 64;

  // As acceptor; durable.
  private Ballot promised = Ballot.NONE;
  private final TreeMap<Long, Entry> log = new TreeMap<>();

  // As learner.
  private long chosenUpTo;
  private Answered answered = new Answered();

  // As proposer.
  private Role role = Role.FOLLOWER;
  private Ballot ballot = Ballot.NONE;
  private int highestRound;
  private long promises;
  private final TreeMap<Long, Entry> reported = new TreeMap<>();
  private long nextSlot = 1;
  private final TreeMap<Long, Long> accepts = new TreeMap<>();
  private int leader = -1;

  public MultiPaxos(int self, int n) {
    super(self, n);
  }

  @Override
  protected void onStart(List<Fact> journal) {
    for (Fact fact : journal) {
      if (fact instanceof Promised f) {
        promised = Ballot.max(promised, f.ballot());
      } else if (fact instanceof AcceptedFact f) {
        log.put(f.slot(), f.entry());
      }
    }
    highestRound = promised.round();
    deliverWhatIsChosen();
    awaitLeader();
  }

  /** Nodes wait differently long, so that candidates don't duel for ever. */
  private void awaitLeader() {
    out.arm(ELECTION, 150_000 + 60_000L * self);
  }

  @Override
  protected void onTimer(String timer) {
    if (timer.equals(ELECTION)) {
      becomeCandidate();
    } else if (role == Role.LEADER) {
      out.broadcast(new Heartbeat(ballot, chosenUpTo));
      retransmit();
      out.arm(HEARTBEAT, HEARTBEAT_MICROS);
    }
  }

  private void retransmit() {
    accepts.forEach(
        (slot, nodes) -> {
          for (int to = 0; to < n; to++) {
            if (!Quorum.has(nodes, to)) {
              out.send(to, new Accept(ballot, slot, log.get(slot).command(), Purpose.REPAIR));
            }
          }
        });
  }

  @Override
  protected void onMessage(int from, Message message) {
    if (message instanceof Message.Request m) {
      onRequest(m.command());
    } else if (message instanceof Prepare m) {
      onPrepare(from, m);
    } else if (message instanceof Promise m) {
      onPromise(from, m);
    } else if (message instanceof Accept m) {
      onAccept(from, m);
    } else if (message instanceof Accepted m) {
      onAccepted(from, m);
    } else if (message instanceof Commit m) {
      onCommit(m);
    } else if (message instanceof Heartbeat m) {
      onHeartbeat(from, m);
    } else if (message instanceof Nack m) {
      onNack(m);
    } else if (message instanceof Learn m) {
      onLearn(from, m);
    } else if (message instanceof Learned m) {
      onLearned(m);
    }
  }

  private void onRequest(Command command) {
    if (role != Role.LEADER) {
      if (leader >= 0 && leader != self) {
        out.send(command.client(), new Message.Redirect(command, leader));
      }
    } else if (answered.has(command)) {
      out.send(command.client(), answered.reply(command));
    } else if (log.tailMap(chosenUpTo + 1).values().stream()
        .noneMatch(entry -> entry.command().equals(command))) {
      propose(nextSlot, command, Purpose.ORDERING);
      nextSlot++;
    }
  }

  private void propose(long slot, Command command, Purpose purpose) {
    accept(slot, new Entry(ballot, command));
    accepts.put(slot, Quorum.with(0, self));
    out.broadcast(new Accept(ballot, slot, command, purpose));
  }

  private void accept(long slot, Entry entry) {
    log.put(slot, entry);
    out.persist(new AcceptedFact(slot, entry));
  }

  private void promise(Ballot to) {
    highestRound = Math.max(highestRound, to.round());
    if (promised.isBelow(to)) {
      promised = to;
      out.persist(new Promised(to));
    }
  }

  private void becomeCandidate() {
    role = Role.CANDIDATE;
    leader = -1;
    accepts.clear();
    reported.clear();
    ballot = new Ballot(highestRound + 1, self);
    promise(ballot);
    promises = Quorum.with(0, self);
    report(log.tailMap(chosenUpTo + 1));
    out.broadcast(new MultiMessage.Prepare(ballot, chosenUpTo + 1));
    awaitLeader();
  }

  private void becomeFollower() {
    if (role != Role.FOLLOWER) {
      role = Role.FOLLOWER;
      accepts.clear();
      out.cancel(HEARTBEAT);
      awaitLeader();
    }
  }

  private void onPrepare(int from, Prepare m) {
    if (m.ballot().isBelow(promised)) {
      out.send(from, new Nack(promised));
      return;
    }
    promise(m.ballot());
    becomeFollower();
    awaitLeader();
    out.send(from, new Promise(m.ballot(), new TreeMap<>(log.tailMap(m.from()))));
  }

  /** Keeps of each place what was accepted under the highest ballot. */
  private void report(Map<Long, Entry> accepted) {
    accepted.forEach(
        (slot, entry) ->
            reported.merge(slot, entry, (a, b) -> a.ballot().isBelow(b.ballot()) ? b : a));
  }

  private void onPromise(int from, Promise m) {
    if (role == Role.CANDIDATE && m.ballot().equals(ballot)) {
      promises = Quorum.with(promises, from);
      report(m.accepted());
      if (Quorum.is(promises, n)) {
        becomeLeader();
      }
    }
  }

  /** Proposes again what may have been chosen, and nothing where nobody has accepted anything. */
  private void becomeLeader() {
    role = Role.LEADER;
    leader = self;
    out.cancel(ELECTION);
    long last = reported.isEmpty() ? chosenUpTo : Math.max(chosenUpTo, reported.lastKey());
    for (long slot = chosenUpTo + 1; slot <= last; slot++) {
      Entry entry = reported.get(slot);
      propose(slot, entry == null ? Command.NOTHING : entry.command(), Purpose.ELECTION);
    }
    nextSlot = last + 1;
    out.arm(HEARTBEAT, 0);
  }

  private void follow(Ballot of) {
    promise(of);
    leader = of.node();
    becomeFollower();
    awaitLeader();
  }

  private void onAccept(int from, Accept m) {
    if (m.ballot().isBelow(promised)) {
      out.send(from, new Nack(promised));
      return;
    }
    follow(m.ballot());
    Entry held = log.get(m.slot());
    if (held == null || !held.ballot().equals(Ballot.CHOSEN)) {
      accept(m.slot(), new Entry(m.ballot(), m.command()));
    }
    out.send(from, new Accepted(m.ballot(), m.slot(), m.purpose()));
  }

  private void onAccepted(int from, Accepted m) {
    Long nodes = accepts.get(m.slot());
    if (role != Role.LEADER || !m.ballot().equals(ballot) || nodes == null) {
      return;
    }
    nodes = Quorum.with(nodes, from);
    accepts.put(m.slot(), nodes);
    if (Quorum.is(nodes, n)) {
      accepts.remove(m.slot());
      markChosen(m.slot(), log.get(m.slot()).command());
      long before = chosenUpTo;
      deliverWhatIsChosen();
      if (chosenUpTo > before) {
        out.broadcast(new Commit(ballot, chosenUpTo));
      }
    }
  }

  private void markChosen(long slot, Command command) {
    accept(slot, new Entry(Ballot.CHOSEN, command));
  }

  private void deliverWhatIsChosen() {
    Entry next = log.get(chosenUpTo + 1);
    while (next != null && next.ballot().equals(Ballot.CHOSEN)) {
      chosenUpTo++;
      out.deliver(chosenUpTo, next.command());
      if (next.command().client() >= 0) {
        answered.execute(chosenUpTo, next.command());
        if (role == Role.LEADER) {
          out.send(next.command().client(), answered.reply(next.command()));
        }
      }
      next = log.get(chosenUpTo + 1);
    }
  }

  private void onCommit(Commit m) {
    if (!m.ballot().isBelow(promised)) {
      follow(m.ballot());
      commitUpTo(m.ballot(), m.upTo());
    }
  }

  /** What was accepted under the leader's own ballot is what it proposed, so it is chosen. */
  private void commitUpTo(Ballot of, long upTo) {
    for (long slot = chosenUpTo + 1; slot <= upTo; slot++) {
      Entry entry = log.get(slot);
      if (entry != null && entry.ballot().equals(of)) {
        markChosen(slot, entry.command());
      }
    }
    deliverWhatIsChosen();
  }

  private void onHeartbeat(int from, Heartbeat m) {
    if (m.ballot().isBelow(promised)) {
      out.send(from, new Nack(promised));
      return;
    }
    follow(m.ballot());
    commitUpTo(m.ballot(), m.upTo());
    if (chosenUpTo < m.upTo()) {
      out.send(from, new Learn(chosenUpTo + 1));
    }
  }

  private void onNack(Nack m) {
    highestRound = Math.max(highestRound, m.promised().round());
    if (ballot.isBelow(m.promised())) {
      becomeFollower();
    }
  }

  private void onLearn(int from, Learn m) {
    TreeMap<Long, Command> chosen = new TreeMap<>();
    for (long slot = m.from(); slot <= chosenUpTo && chosen.size() < LEARN_AT_MOST; slot++) {
      chosen.put(slot, log.get(slot).command());
    }
    if (!chosen.isEmpty()) {
      out.send(from, new Learned(chosen));
    }
  }

  private void onLearned(Learned m) {
    m.chosen().forEach((slot, command) -> markChosen(slot, command));
    deliverWhatIsChosen();
  }
}
