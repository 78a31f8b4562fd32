package io.pbft.compare.sim;

import java.util.List;

/** What happens to a node. */
public sealed interface Event {
  /** A life begins. The first one finds no facts. */
  record Started(List<Fact> journal) implements Event {}

  /** A message arrives; clients are numbered from n. */
  record Delivered(int from, Message message) implements Event {}

  /** A timer that was armed, and neither armed again nor cancelled since, is due. */
  record TimerFired(String timer) implements Event {}
}
