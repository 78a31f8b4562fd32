package io.pbft.bench.sidebyside;

import java.util.concurrent.CompletableFuture;

/** What a load is put on. Closed when it is over. */
interface Target extends AutoCloseable {
  /** Carries an operation out; the answer comes on a thread of the target's. */
  CompletableFuture<byte[]> invoke(byte[] operation);

  @Override
  void close();
}
