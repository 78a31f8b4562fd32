package io.pbft.compare.paxos;

import io.pbft.compare.sim.Command;
import io.pbft.compare.sim.Fact;
import io.pbft.compare.sim.HandlerNode;
import io.pbft.compare.sim.Message;
import io.pbft.compare.sim.Quorum;
import java.util.ArrayList;
import java.util.List;

/**
 * Single-decree Paxos: of all commands that clients bring to any nodes, one is chosen. Every client
 * is told which.
 */
public final class BasicPaxos extends HandlerNode {
  private record Promised(Ballot ballot) implements Fact {}

  private record AcceptedFact(Ballot ballot, Command command) implements Fact {}

  private record Chosen(Command command) implements Fact {}

  /** The proposal is repeated under a higher ballot. */
  private static final String RETRY = "retry";

  /** Others are asked whether they know what was chosen. */
  private static final String ASK = "ask";

  private static final long ASK_MICROS = 400_000;

  private final List<Command> waiting = new ArrayList<>();

  // As acceptor.
  private Ballot promised = Ballot.NONE;
  private Ballot accepted = Ballot.NONE;
  private Command acceptedCommand;

  // As proposer.
  private Ballot ballot = Ballot.NONE;
  private int highestRound;
  private long promises;
  private Ballot highestAccepted = Ballot.NONE;
  private Command proposal;
  private boolean inPhaseTwo;
  private long accepts;

  // As learner.
  private Command chosen;

  public BasicPaxos(int self, int n) {
    super(self, n);
  }

  @Override
  protected void onStart(List<Fact> journal) {
    for (Fact fact : journal) {
      if (fact instanceof Promised f) {
        promised = f.ballot();
      } else if (fact instanceof AcceptedFact f) {
        promised = Ballot.max(promised, f.ballot());
        accepted = f.ballot();
        acceptedCommand = f.command();
      } else if (fact instanceof Chosen f) {
        chosen = f.command();
        out.deliver(1, chosen);
      }
    }
    // Its own ballots are among these: it promises each to itself before it uses it.
    highestRound = promised.round();
    out.arm(ASK, ASK_MICROS);
  }

  @Override
  protected void onTimer(String timer) {
    if (chosen != null) {
      return;
    } else if (timer.equals(RETRY)) {
      propose();
    } else {
      out.broadcast(new BasicMessage.Ask());
      out.arm(ASK, ASK_MICROS);
    }
  }

  @Override
  protected void onMessage(int from, Message message) {
    if (message instanceof Message.Request m) {
      onRequest(m.command());
    } else if (message instanceof BasicMessage.Decide m) {
      learn(m.command());
    } else if (chosen != null) {
      answerWithChoice(from, message);
    } else if (message instanceof BasicMessage.Prepare m) {
      onPrepare(from, m);
    } else if (message instanceof BasicMessage.Promise m) {
      onPromise(from, m);
    } else if (message instanceof BasicMessage.Accept m) {
      onAccept(from, m);
    } else if (message instanceof BasicMessage.Accepted m) {
      onAccepted(from, m);
    } else if (message instanceof BasicMessage.Nack m) {
      highestRound = Math.max(highestRound, m.promised().round());
    }
  }

  private void answerWithChoice(int from, Message message) {
    boolean asks =
        message instanceof BasicMessage.Prepare
            || message instanceof BasicMessage.Accept
            || message instanceof BasicMessage.Ask;
    if (asks) {
      out.send(from, new BasicMessage.Decide(chosen));
    }
  }

  private void onRequest(Command command) {
    if (chosen != null) {
      reply(command);
      return;
    }
    waiting.add(command);
    if (ballot.equals(Ballot.NONE)) {
      propose();
    }
  }

  private void propose() {
    if (waiting.isEmpty()) {
      return;
    }
    highestRound = Math.max(highestRound, promised.round()) + 1;
    ballot = new Ballot(highestRound, self);
    promised = ballot;
    out.persist(new Promised(ballot));
    promises = Quorum.with(0, self);
    highestAccepted = accepted;
    proposal = acceptedCommand;
    inPhaseTwo = false;
    accepts = 0;
    out.broadcast(new BasicMessage.Prepare(ballot));
    // Nodes wait differently long, so that two proposers don't duel for ever.
    out.arm(RETRY, 100_000 + 37_000L * self);
  }

  private void onPrepare(int from, BasicMessage.Prepare m) {
    highestRound = Math.max(highestRound, m.ballot().round());
    if (m.ballot().isBelow(promised)) {
      out.send(from, new BasicMessage.Nack(promised));
      return;
    }
    promised = m.ballot();
    out.persist(new Promised(promised));
    out.send(from, new BasicMessage.Promise(promised, accepted, acceptedCommand));
  }

  private void onPromise(int from, BasicMessage.Promise m) {
    if (!m.ballot().equals(ballot) || inPhaseTwo) {
      return;
    }
    promises = Quorum.with(promises, from);
    if (highestAccepted.isBelow(m.accepted())) {
      highestAccepted = m.accepted();
      proposal = m.command();
    }
    boolean deposed = ballot.isBelow(promised);
    if (Quorum.is(promises, n) && !deposed) {
      inPhaseTwo = true;
      proposal = proposal == null ? waiting.get(0) : proposal;
      accept(ballot, proposal);
      accepts = Quorum.with(0, self);
      out.broadcast(new BasicMessage.Accept(ballot, proposal));
    }
  }

  private void accept(Ballot at, Command command) {
    promised = at;
    accepted = at;
    acceptedCommand = command;
    out.persist(new AcceptedFact(at, command));
  }

  private void onAccept(int from, BasicMessage.Accept m) {
    if (m.ballot().isBelow(promised)) {
      out.send(from, new BasicMessage.Nack(promised));
      return;
    }
    accept(m.ballot(), m.command());
    out.send(from, new BasicMessage.Accepted(m.ballot()));
  }

  private void onAccepted(int from, BasicMessage.Accepted m) {
    if (!m.ballot().equals(ballot) || !inPhaseTwo) {
      return;
    }
    accepts = Quorum.with(accepts, from);
    if (Quorum.is(accepts, n)) {
      Command decided = proposal;
      learn(decided);
      out.broadcast(new BasicMessage.Decide(decided));
    }
  }

  private void learn(Command command) {
    if (chosen != null) {
      return;
    }
    chosen = command;
    out.persist(new Chosen(command));
    out.deliver(1, command);
    out.cancel(RETRY);
    out.cancel(ASK);
    waiting.forEach(this::reply);
    waiting.clear();
  }

  private void reply(Command asked) {
    out.send(asked.client(), new Message.Reply(asked, chosen, 1));
  }
}
