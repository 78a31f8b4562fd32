package io.pbft.compare.raft;

import io.microraft.model.impl.DefaultRaftModelFactory;
import io.microraft.model.log.LogEntry;
import io.microraft.model.message.AppendEntriesRequest;
import io.microraft.model.message.RaftMessage;
import io.pbft.compare.sim.Aftermath;
import java.util.ArrayList;
import java.util.List;

/**
 * A Raft leader that puts another operation into an entry for one follower. Its index and term are
 * right, which is all that followers compare.
 */
public final class RaftLie {
  private static final int OPERATIONS = 3;
  private static final String TRUTH = "k2=v2";
  private static final String LIE = "k2=lie";
  private static final DefaultRaftModelFactory MODEL = new DefaultRaftModelFactory();

  private RaftLie() {}

  /** Three writes, of the second of which the last of the followers is told something else. */
  public static Aftermath altered(int n) {
    int[] liarAndVictim = {-1, -1};
    RaftCluster cluster =
        new RaftCluster(
            n,
            (from, to, message) ->
                from == liarAndVictim[0] && to == liarAndVictim[1] ? retold(message) : message);
    int leader = cluster.awaitLeader();
    int victim = leader == n - 1 ? n - 2 : n - 1;
    liarAndVictim[0] = leader;
    liarAndVictim[1] = victim;
    for (int i = 1; i <= OPERATIONS; i++) {
      cluster.request(leader, "k" + i + "=v" + i);
    }
    // Heartbeats would let followers find what the library can find.
    cluster.run(10L * RaftCluster.HEARTBEAT_SECONDS * 1_000_000);
    List<Aftermath.State> states = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      if (i != leader) {
        states.add(new Aftermath.State(i, cluster.state(i).toString()));
      }
    }
    return new Aftermath(states, OPERATIONS, OPERATIONS, List.of());
  }

  private static RaftMessage retold(RaftMessage message) {
    if (!(message instanceof AppendEntriesRequest append)) {
      return message;
    }
    List<LogEntry> entries = append.getLogEntries().stream().map(RaftLie::retold).toList();
    return MODEL
        .createAppendEntriesRequestBuilder()
        .setGroupId(append.getGroupId())
        .setSender(append.getSender())
        .setTerm(append.getTerm())
        .setPreviousLogTerm(append.getPreviousLogTerm())
        .setPreviousLogIndex(append.getPreviousLogIndex())
        .setCommitIndex(append.getCommitIndex())
        .setLogEntries(entries)
        .setQuerySequenceNumber(append.getQuerySequenceNumber())
        .setFlowControlSequenceNumber(append.getFlowControlSequenceNumber())
        .build();
  }

  private static LogEntry retold(LogEntry entry) {
    return TRUTH.equals(entry.getOperation())
        ? MODEL
            .createLogEntryBuilder()
            .setIndex(entry.getIndex())
            .setTerm(entry.getTerm())
            .setOperation(LIE)
            .build()
        : entry;
  }
}
