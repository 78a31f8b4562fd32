package io.pbft.core.spi;

import io.pbft.core.message.Batch;
import io.pbft.core.message.Envelope;
import io.pbft.core.message.NewView;
import io.pbft.core.message.ViewChange;
import io.pbft.crypto.Digest;
import java.util.List;

/** A fact that must be durable before the messages that tell of it leave. */
public sealed interface LogRecord {
  /** Pre-prepared here: before the PRE-PREPARE or PREPARE leaves. */
  record PrePrepared(long view, long sequence, Batch batch) implements LogRecord {}

  /** Prepared here: before the COMMIT leaves. */
  record Prepared(long view, long sequence, Digest digest) implements LogRecord {}

  /** Left its view for {@code viewChange.view()}: before the VIEW-CHANGE leaves. */
  record LeftView(ViewChange viewChange, Envelope envelope) implements LogRecord {}

  /** Entered a view by this new-view: before any vote in it leaves. */
  record EnteredView(NewView newView, Envelope envelope) implements LogRecord {}

  /** Took a checkpoint: before the CHECKPOINT leaves. */
  record Checkpointed(long sequence, Digest digest) implements LogRecord {}

  /** A checkpoint has become stable, with its proof: everything at or below it may be forgotten. */
  record Stable(long sequence, Digest digest, List<Envelope> proof) implements LogRecord {}
}
