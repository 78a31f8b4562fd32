package io.pbft.lab.sim;

import java.util.ArrayDeque;

/** What a replica has to say waits here until the votes behind it are durable. */
final class Mouth {
  private record Word(long position, Runnable say) {}

  private final ArrayDeque<Word> waiting = new ArrayDeque<>();
  private long barrier;
  private long durable;

  /** Nothing said from now on may leave before the position is durable. */
  void raiseBarrier(long position) {
    barrier = Math.max(barrier, position);
  }

  void say(Runnable word) {
    if (waiting.isEmpty() && barrier <= durable) {
      word.run();
    } else {
      waiting.add(new Word(barrier, word));
    }
  }

  void release(long position) {
    durable = Math.max(durable, position);
    while (!waiting.isEmpty() && waiting.peek().position() <= durable) {
      waiting.remove().say().run();
    }
  }

  int size() {
    return waiting.size();
  }
}
