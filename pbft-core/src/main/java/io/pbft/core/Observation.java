package io.pbft.core;

import io.pbft.core.message.MessageType;
import io.pbft.core.message.Reason;
import io.pbft.crypto.Digest;

/** What a core noticed; metrics, logs and traces listen. Carries no duty. */
public sealed interface Observation {
  /**
   * A message (or a part of one) was refused: no correct peer of this configuration sends it.
   * {@code sender} is -1 for a client's.
   */
  record Refused(Reason reason, MessageType type, int sender) implements Observation {}

  /**
   * A message was put off or passed over, as happens among correct peers: too early, too late, or
   * again.
   */
  record Deferred(Reason reason, MessageType type, int sender) implements Observation {}

  /** A client sent a request that waits here already, or has been executed. */
  record Repeated(int client) implements Observation {}

  record PrePrepared(long view, long sequence, Digest digest) implements Observation {}

  record Prepared(long view, long sequence, Digest digest) implements Observation {}

  record CommittedLocal(long view, long sequence, Digest digest) implements Observation {}

  /** Handed to execution: {@code requests} of the batch, in order. */
  record Executing(long sequence, Digest digest, int requests) implements Observation {}

  /** Handed to execution when it had prepared in the view; {@link Executing} when it is decided. */
  record TentativelyExecuting(long view, long sequence, Digest digest) implements Observation {}

  /** What was executed tentatively is taken back. */
  record Undone(long sequence) implements Observation {}

  record CheckpointStable(long sequence, Digest digest) implements Observation {}

  /** The replica left its view and asks for {@code view}. */
  record ViewChangeStarted(long view, String cause) implements Observation {}

  record ViewEntered(long view, int primary) implements Observation {}

  record TransferStarted(long sequence) implements Observation {}

  record TransferFinished(long sequence) implements Observation {}

  /** A replica is not asked again in this transfer. */
  record DonorPassedOver(long sequence, int replica, String why) implements Observation {}

  /** The replica's own state differs from the quorum's. */
  record StateDiverged(long sequence, Digest own, Digest certified) implements Observation {}

  /** Two contradicting messages of one replica; with signatures a proof against it. */
  record Equivocation(int replica, long view, long sequence) implements Observation {}

  /** A replica that had lost its memory votes again. */
  record VotingResumed(long stable) implements Observation {}
}
