package io.pbft.core;

import io.pbft.core.message.Envelope;
import io.pbft.core.message.FetchChunks;
import io.pbft.core.message.ReadRequest;
import io.pbft.core.message.ReplicaMessage;
import io.pbft.core.message.Request;
import io.pbft.core.spi.LogRecord;
import io.pbft.crypto.Digest;
import java.util.List;

/** What a core wants done; carried out in order. */
public sealed interface Effect {
  /** Make the record durable before any later message effect leaves. */
  record Persist(LogRecord record) implements Effect {}

  /**
   * Send to one replica. {@code sealed} is the signed envelope where the core has it already, else
   * null.
   */
  record Send(int to, io.pbft.core.message.Message message, Envelope sealed) implements Effect {
    public Send(int to, io.pbft.core.message.Message message) {
      this(to, message, null);
    }
  }

  /** Send to every other replica. */
  record Broadcast(ReplicaMessage message, Envelope sealed) implements Effect {
    public Broadcast(ReplicaMessage message) {
      this(message, null);
    }
  }

  /** Send to a client's session, if it is connected here. */
  record Answer(int client, long session, ReplicaMessage message) implements Effect {}

  /**
   * Execute the requests, in order, at a sequence number; answered by {@link Event.Executed}.
   * {@code batch.time()} is the agreed time; {@code requests} are those of the batch that are to be
   * executed.
   */
  record Execute(long sequence, long time, List<Request> requests) implements Effect {}

  /**
   * Take a snapshot of the application's state and keep it with {@code meta}; answered by {@link
   * Event.SnapshotTaken}.
   */
  record TakeSnapshot(long sequence, byte[] meta) implements Effect {}

  /** Execute a read on the state as executed so far, and answer its client. */
  record Query(ReadRequest read) implements Effect {}

  /** Send chunks of kept snapshots, as far as they are here and the budget allows. */
  record SendChunks(int to, FetchChunks asked) implements Effect {}

  /**
   * Find out which chunks of a state are not here, or not known not to be; answered by {@link
   * Event.ChunksMissing} with the same attempt.
   */
  record SeekState(long attempt, Digest root) implements Effect {}

  /**
   * Keep verified chunks of the state that is being fetched; answered by {@link
   * Event.ChunksMissing}: what is missing below them.
   */
  record StageChunks(long attempt, List<byte[]> chunks) implements Effect {}

  /**
   * Replace the application's state by the one whose chunks are all here; answered by {@link
   * Event.SnapshotInstalled}.
   */
  record InstallSnapshot(long sequence, Digest root) implements Effect {}

  /** Chunks that were kept for a state to be installed are no longer needed for that. */
  record Unstage() implements Effect {}

  /**
   * Fire {@link Event.TimerFired} with this generation after the delay; replaces the kind's earlier
   * timer.
   */
  record Arm(TimerKind kind, long generation, long delayMillis) implements Effect {}

  record Cancel(TimerKind kind) implements Effect {}

  /**
   * Snapshots and log records at and below a stable checkpoint, but not the checkpoint's own
   * snapshot, may go.
   */
  record Discard(long stable) implements Effect {}

  /** Something worth counting, logging or drawing. */
  record Observe(Observation observation) implements Effect {}
}
