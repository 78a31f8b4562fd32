package io.pbft.core.spi;

/**
 * A service whose whole state is a few MiB at most: bytes out, bytes in. Each checkpoint copies and
 * hashes all of it, on the thread that executes. A service with more state implements {@link
 * StateMachine} and keeps its data in a tree of {@link StateNode}s.
 *
 * <p>Threads, determinism and exceptions are as with {@link StateMachine}.
 */
public interface SmallStateMachine extends StateMachine {
  /** The whole state, the same bytes at every replica that has executed the same operations. */
  byte[] save();

  /** Replaces the whole state by one that was saved, here or at another replica. */
  void load(byte[] state);

  @Override
  default Snapshot snapshot() {
    return Snapshot.of(save());
  }

  @Override
  default void restore(Snapshot snapshot) {
    load(snapshot.toBytes());
  }
}
