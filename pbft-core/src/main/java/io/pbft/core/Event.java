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

  /** The authenticated link with another replica has come, or gone. */
  record LinkChanged(long at, int replica, boolean up) implements Event {}

  /** The results of an {@link Effect.Execute}, one for each of its requests. */
  record Executed(long at, long sequence, List<Result> results) implements Event {}

  /**
   * A snapshot is kept.
   *
   * @param digest of the state at the checkpoint, {@code meta} included
   */
  record SnapshotTaken(long at, long sequence, Digest digest) implements Event {}

  /** Which chunks, of those that were sought, or below those staged, are not here. */
  record ChunksMissing(long at, long attempt, List<Digest> missing) implements Event {}

  /**
   * A fetched state has become the application's state, and survives the process.
   *
   * @param meta the replica's own replicated data in it
   */
  record SnapshotInstalled(long at, long sequence, byte[] meta) implements Event {}
}
