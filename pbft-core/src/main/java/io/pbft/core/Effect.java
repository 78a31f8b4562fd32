package io.pbft.core;

import io.pbft.core.message.Envelope;
import io.pbft.core.message.Manifest;
import io.pbft.core.message.ReadRequest;
import io.pbft.core.message.ReplicaMessage;
import io.pbft.core.message.Request;
import io.pbft.core.spi.LogRecord;
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

  /** Send the manifest of a kept snapshot. */
  record SendManifest(int to, long sequence) implements Effect {}

  /** Send one chunk of a kept snapshot. */
  record SendChunk(int to, long sequence, int index) implements Effect {}

  /** Prepare to receive a state; answered by {@link Event.ManifestStaged}. */
  record StageManifest(Manifest manifest) implements Effect {}

  /** Keep a verified chunk of the staged state. */
  record StageChunk(long sequence, int index, byte[] bytes) implements Effect {}

  /**
   * Replace the application's state by the staged one; answered by {@link Event.SnapshotInstalled}.
   */
  record InstallSnapshot(long sequence) implements Effect {}

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
