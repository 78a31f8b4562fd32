package io.pbft.compare.sim;

import java.util.List;

/** One replica: pure, so that what it does follows from its events alone. */
@FunctionalInterface
public interface Node {
  /** What it does because of the event, in this order. */
  List<Effect> step(Event event);
}
