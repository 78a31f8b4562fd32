package io.pbft.core.driver;

import io.pbft.core.message.Manifest;
import io.pbft.core.spi.KeptSnapshot;
import io.pbft.core.spi.Snapshot;

/** A state whose chunks are coming in. */
final class StagedState {
  private final Manifest manifest;
  private final byte[][] chunks;
  private int missing;

  StagedState(Manifest manifest) {
    this.manifest = manifest;
    this.chunks = new byte[manifest.chunks().size()][];
    this.missing = chunks.length;
  }

  long sequence() {
    return manifest.sequence();
  }

  void put(int index, byte[] bytes) {
    if (chunks[index] == null) {
      missing--;
    }
    chunks[index] = bytes;
  }

  KeptSnapshot complete() {
    if (missing > 0) {
      throw new IllegalStateException(
          missing + " chunks of the state at " + sequence() + " are missing");
    }
    byte[][] all = chunks;
    Snapshot state =
        new Snapshot() {
          @Override
          public int chunks() {
            return all.length;
          }

          @Override
          public byte[] chunk(int index) {
            return all[index].clone();
          }
        };
    return new KeptSnapshot(sequence(), manifest.meta(), manifest.chunks(), state);
  }
}
