package io.pbft.core;

import io.pbft.core.message.Message;
import io.pbft.core.message.Result;
import io.pbft.core.spi.Recovered;
import io.pbft.core.validation.Verified;
import io.pbft.crypto.Digest;
import java.util.List;

/** What can happen to a core. {@code at}: the driver's clock in milliseconds since the epoch. */
public sealed interface Event {
  long at();

  /** The first event: what the journal and the snapshot store held. */
  record Started(long at, Recovered recovered) implements Event {}

  record Delivered(long at, Verified<? extends Message> message) implements Event {}

  /** A timer's time has come; a generation other than the last armed one is stale and ignored. */
  record TimerFired(long at, TimerKind kind, long generation) implements Event {}

  /** The results of an {@link Effect.Execute}, one for each of its requests. */
  record Executed(long at, long sequence, List<Result> results) implements Event {}

  /** The digest over the application's state chunks at a checkpoint. */
  record SnapshotTaken(long at, long sequence, Digest chunkRoot) implements Event {}

  /** Which chunks of a staged manifest are not already here, ascending. */
  record ManifestStaged(long at, long sequence, List<Integer> missing) implements Event {}

  /** A staged state has become the application's state, and survives the process. */
  record SnapshotInstalled(long at, long sequence) implements Event {}
}
