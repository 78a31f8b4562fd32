package io.pbft.core.driver;

import io.pbft.core.Event;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Consumer;

/**
 * Which replicas are connected, on its way from the transport's threads to the owner. Of changes
 * that follow each other only the last is told, so nothing piles up.
 */
final class PeerLinks {
  private static final int UP = 1;

  private final AtomicIntegerArray links;
  private final int[] told;
  private volatile boolean changed;

  PeerLinks(int n) {
    this.links = new AtomicIntegerArray(n);
    this.told = new int[n];
  }

  /** Any thread. */
  void set(int replica, boolean up) {
    links.set(replica, up ? UP : 0);
    changed = true;
  }

  boolean haveChanged() {
    return changed;
  }

  /** The owner. */
  void tell(long at, Consumer<Event> core) {
    changed = false;
    for (int replica = 0; replica < told.length; replica++) {
      int link = links.get(replica);
      if (link != told[replica]) {
        told[replica] = link;
        core.accept(new Event.LinkChanged(at, replica, link == UP));
      }
    }
  }
}
