package io.pbft.bench.sidebyside;

import io.microraft.RaftEndpoint;
import io.microraft.model.RaftModelFactory;
import io.microraft.model.impl.DefaultRaftModelFactory;
import io.microraft.model.log.LogEntry;
import io.microraft.model.message.AppendEntriesFailureResponse;
import io.microraft.model.message.AppendEntriesRequest;
import io.microraft.model.message.AppendEntriesSuccessResponse;
import io.microraft.model.message.PreVoteRequest;
import io.microraft.model.message.PreVoteResponse;
import io.microraft.model.message.RaftMessage;
import io.microraft.model.message.VoteRequest;
import io.microraft.model.message.VoteResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * MicroRaft's messages as bytes: {@code type (1) | term (4) | fields}. The sender is known from the
 * link, the group is the only one. Operations are byte arrays. Snapshots are not sent: no follower
 * falls so far behind in a run without faults, and one that did would end it.
 */
final class RaftCodec {
  static final String GROUP = "side-by-side";

  private static final byte APPEND = 1;
  private static final byte APPENDED = 2;
  private static final byte NOT_APPENDED = 3;
  private static final byte PRE_VOTE = 4;
  private static final byte PRE_VOTED = 5;
  private static final byte VOTE = 6;
  private static final byte VOTED = 7;
  private static final int HEAD = 1 + Integer.BYTES;
  private static final int ENTRY_HEAD = Integer.BYTES + Integer.BYTES;
  private static final RaftModelFactory MODEL = new DefaultRaftModelFactory();

  private RaftCodec() {}

  static byte[] encode(RaftMessage message) {
    if (message instanceof AppendEntriesRequest m) {
      return append(m);
    } else if (message instanceof AppendEntriesSuccessResponse m) {
      return head(APPENDED, m, 3 * Long.BYTES)
          .putLong(m.getLastLogIndex())
          .putLong(m.getQuerySequenceNumber())
          .putLong(m.getFlowControlSequenceNumber())
          .array();
    } else if (message instanceof AppendEntriesFailureResponse m) {
      return head(NOT_APPENDED, m, 3 * Long.BYTES)
          .putLong(m.getExpectedNextIndex())
          .putLong(m.getQuerySequenceNumber())
          .putLong(m.getFlowControlSequenceNumber())
          .array();
    }
    return encodeVote(message);
  }

  private static byte[] encodeVote(RaftMessage message) {
    if (message instanceof PreVoteRequest m) {
      return head(PRE_VOTE, m, Integer.BYTES + Long.BYTES)
          .putInt(m.getLastLogTerm())
          .putLong(m.getLastLogIndex())
          .array();
    } else if (message instanceof PreVoteResponse m) {
      return head(PRE_VOTED, m, 1).put((byte) (m.isGranted() ? 1 : 0)).array();
    } else if (message instanceof VoteRequest m) {
      return head(VOTE, m, Integer.BYTES + Long.BYTES + 1)
          .putInt(m.getLastLogTerm())
          .putLong(m.getLastLogIndex())
          .put((byte) (m.isSticky() ? 1 : 0))
          .array();
    } else if (message instanceof VoteResponse m) {
      return head(VOTED, m, 1).put((byte) (m.isGranted() ? 1 : 0)).array();
    }
    throw new IllegalStateException("not to be expected without faults: " + message);
  }

  private static ByteBuffer head(byte type, RaftMessage message, int bytes) {
    return ByteBuffer.allocate(HEAD + bytes).put(type).putInt(message.getTerm());
  }

  private static byte[] append(AppendEntriesRequest m) {
    int bytes = Integer.BYTES + 4 * Long.BYTES + Integer.BYTES;
    for (LogEntry each : m.getLogEntries()) {
      bytes += ENTRY_HEAD + operation(each).length;
    }
    ByteBuffer out = ByteBuffer.allocate(HEAD + bytes);
    out.put(APPEND)
        .putInt(m.getTerm())
        .putInt(m.getPreviousLogTerm())
        .putLong(m.getPreviousLogIndex())
        .putLong(m.getCommitIndex())
        .putLong(m.getQuerySequenceNumber())
        .putLong(m.getFlowControlSequenceNumber())
        .putInt(m.getLogEntries().size());
    for (LogEntry each : m.getLogEntries()) {
      byte[] operation = operation(each);
      out.putInt(each.getTerm()).putInt(operation.length).put(operation);
    }
    return out.array();
  }

  /** What an entry says; the store writes the same. */
  static byte[] operation(LogEntry entry) {
    return (byte[]) entry.getOperation();
  }

  static RaftMessage decode(RaftEndpoint sender, ByteBuffer in) {
    byte type = in.get();
    int term = in.getInt();
    return switch (type) {
      case APPEND -> append(sender, term, in);
      case APPENDED ->
          MODEL
              .createAppendEntriesSuccessResponseBuilder()
              .setGroupId(GROUP)
              .setSender(sender)
              .setTerm(term)
              .setLastLogIndex(in.getLong())
              .setQuerySequenceNumber(in.getLong())
              .setFlowControlSequenceNumber(in.getLong())
              .build();
      case NOT_APPENDED ->
          MODEL
              .createAppendEntriesFailureResponseBuilder()
              .setGroupId(GROUP)
              .setSender(sender)
              .setTerm(term)
              .setExpectedNextIndex(in.getLong())
              .setQuerySequenceNumber(in.getLong())
              .setFlowControlSequenceNumber(in.getLong())
              .build();
      default -> decodeVote(type, sender, term, in);
    };
  }

  private static RaftMessage decodeVote(byte type, RaftEndpoint sender, int term, ByteBuffer in) {
    return switch (type) {
      case PRE_VOTE ->
          MODEL
              .createPreVoteRequestBuilder()
              .setGroupId(GROUP)
              .setSender(sender)
              .setTerm(term)
              .setLastLogTerm(in.getInt())
              .setLastLogIndex(in.getLong())
              .build();
      case PRE_VOTED ->
          MODEL
              .createPreVoteResponseBuilder()
              .setGroupId(GROUP)
              .setSender(sender)
              .setTerm(term)
              .setGranted(in.get() == 1)
              .build();
      case VOTE ->
          MODEL
              .createVoteRequestBuilder()
              .setGroupId(GROUP)
              .setSender(sender)
              .setTerm(term)
              .setLastLogTerm(in.getInt())
              .setLastLogIndex(in.getLong())
              .setSticky(in.get() == 1)
              .build();
      case VOTED ->
          MODEL
              .createVoteResponseBuilder()
              .setGroupId(GROUP)
              .setSender(sender)
              .setTerm(term)
              .setGranted(in.get() == 1)
              .build();
      default -> throw new IllegalStateException("a message of type " + type);
    };
  }

  private static RaftMessage append(RaftEndpoint sender, int term, ByteBuffer in) {
    int previousTerm = in.getInt();
    long previousIndex = in.getLong();
    var request =
        MODEL
            .createAppendEntriesRequestBuilder()
            .setGroupId(GROUP)
            .setSender(sender)
            .setTerm(term)
            .setPreviousLogTerm(previousTerm)
            .setPreviousLogIndex(previousIndex)
            .setCommitIndex(in.getLong())
            .setQuerySequenceNumber(in.getLong())
            .setFlowControlSequenceNumber(in.getLong());
    int count = in.getInt();
    List<LogEntry> entries = new ArrayList<>(count);
    for (int i = 1; i <= count; i++) {
      int entryTerm = in.getInt();
      byte[] operation = new byte[in.getInt()];
      in.get(operation);
      entries.add(
          MODEL
              .createLogEntryBuilder()
              .setIndex(previousIndex + i)
              .setTerm(entryTerm)
              .setOperation(operation)
              .build());
    }
    return request.setLogEntries(entries).build();
  }
}
