package io.pbft.core.spi;

import io.pbft.crypto.Digest;
import java.util.List;

/**
 * A snapshot at a checkpoint, with what belongs to it.
 *
 * @param sequence the checkpoint's sequence number
 * @param meta the replica's own replicated data at the checkpoint; shared, not to be modified
 * @param leaves the digest of each chunk, in order
 * @param state the application's state
 */
public record KeptSnapshot(long sequence, byte[] meta, List<Digest> leaves, Snapshot state) {
  public KeptSnapshot {
    leaves = List.copyOf(leaves);
  }
}
