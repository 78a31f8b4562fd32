package io.pbft.compare.raft;

import io.microraft.model.message.AppendEntriesRequest;
import io.microraft.model.message.AppendEntriesSuccessResponse;
import io.microraft.model.message.PreVoteRequest;
import io.microraft.model.message.PreVoteResponse;
import io.microraft.model.message.RaftMessage;
import io.microraft.model.message.VoteRequest;
import io.microraft.model.message.VoteResponse;
import io.pbft.compare.sim.Message.Purpose;
import java.util.TreeMap;

/**
 * What MicroRaft's messages are counted as. What the textbook's Raft sends is ordering; what
 * MicroRaft sends beyond it, its eager notice of a new commit index and the answers to that, has
 * types of its own and is background.
 */
final class RaftTypes {
  static final String PRE_VOTE = "PRE-VOTE";
  static final String PRE_VOTE_OK = "PRE-VOTE-OK";
  static final String VOTE = "VOTE";
  static final String VOTE_OK = "VOTE-OK";

  private final TreeMap<String, Long> commitTold = new TreeMap<>();
  private final TreeMap<String, String> answerTypes = new TreeMap<>();

  static Purpose purpose(String type) {
    return switch (type) {
      case RaftRun.APPEND, RaftRun.APPEND_OK -> Purpose.ORDERING;
      case PRE_VOTE, PRE_VOTE_OK, VOTE, VOTE_OK -> Purpose.ELECTION;
      default -> Purpose.BACKGROUND;
    };
  }

  /** The type of a message that is being sent; to be asked once for each, in order. */
  String of(int from, int to, RaftMessage message) {
    if (message instanceof AppendEntriesRequest m) {
      String type = appendType(from, to, m);
      answerTypes.put(key(to, from, m.getFlowControlSequenceNumber()), type + "-OK");
      return type;
    } else if (message instanceof AppendEntriesSuccessResponse m) {
      return answerTypes.getOrDefault(
          key(from, to, m.getFlowControlSequenceNumber()), "HEARTBEAT-OK");
    } else if (message instanceof PreVoteRequest) {
      return PRE_VOTE;
    } else if (message instanceof PreVoteResponse) {
      return PRE_VOTE_OK;
    } else if (message instanceof VoteRequest) {
      return VOTE;
    } else if (message instanceof VoteResponse) {
      return VOTE_OK;
    }
    return message.getClass().getSimpleName();
  }

  private String appendType(int from, int to, AppendEntriesRequest m) {
    String link = from + ">" + to;
    long told = commitTold.getOrDefault(link, 0L);
    commitTold.put(link, Math.max(told, m.getCommitIndex()));
    if (!m.getLogEntries().isEmpty()) {
      return RaftRun.APPEND;
    }
    return m.getCommitIndex() > told ? RaftRun.COMMIT_NOTICE : "HEARTBEAT";
  }

  private static String key(int follower, int leader, long sequence) {
    return follower + ">" + leader + ":" + sequence;
  }
}
