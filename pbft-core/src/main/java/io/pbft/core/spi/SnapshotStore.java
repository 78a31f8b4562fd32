package io.pbft.core.spi;

import io.pbft.crypto.Digest;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Keeps snapshots as chunks by their digests, those that snapshots share once; and chunks of a
 * state that is being fetched. Called from one thread at a time unless a method says otherwise.
 * What it throws stops the replica.
 */
public interface SnapshotStore extends AutoCloseable {
  /**
   * Takes a snapshot in; those at and above its sequence number are given up. Quick: hashing and
   * writing happen later, and {@link #onDurable} tells when they have.
   */
  void put(KeptSnapshot snapshot);

  /** The snapshot at a sequence number, or null. */
  KeptSnapshot get(long sequence);

  /** The one that was put last, or null when there is none. */
  KeptSnapshot newest();

  /**
   * The digest of the snapshot at a sequence number, once that snapshot survives the process (in a
   * store without a disk: once it has been hashed); null before, and when it is not kept. Any
   * thread.
   */
  Digest durable(long sequence);

  /** Tells, from any thread, of each snapshot that has become durable. */
  void onDurable(LongConsumer listener);

  /**
   * Forgets the snapshots below a stable checkpoint.
   *
   * @param besides those of lower sequence numbers that stay, because others are fetching them
   */
  void discardBelow(long stable, Collection<Long> besides);

  /**
   * Chunks that were asked for, from any thread, soon, to {@code answer} on any thread: in order,
   * as many as fit in {@code maxBytes} and at least one; an empty array stands for one that is not
   * here. Only chunks of snapshots, not those staged.
   */
  void read(List<Digest> digests, int maxBytes, Consumer<List<byte[]>> answer);

  /** Of some chunks and all below them: those that are not here, as far as that is known. */
  List<Digest> missing(List<Digest> roots);

  /**
   * Keeps verified chunks of a state that is being fetched; a store with a disk has them after a
   * restart, too.
   */
  void stage(List<byte[]> chunks);

  /**
   * The snapshot with a digest, of which no chunk is missing.
   *
   * @throws IllegalStateException if one is
   */
  KeptSnapshot staged(long sequence, Digest root);

  /** Staged chunks may go, once those snapshots that were put are durable. */
  void unstage();

  @Override
  void close();
}
