package io.pbft.core.normal;

import io.pbft.core.message.Batch;

/** What the batches that a log holds take in memory, about, in bytes. */
final class Volume {
  private long bytes;

  long bytes() {
    return bytes;
  }

  void add(Batch batch) {
    bytes += batch.footprint();
  }

  void remove(Batch batch) {
    bytes -= batch.footprint();
  }
}
