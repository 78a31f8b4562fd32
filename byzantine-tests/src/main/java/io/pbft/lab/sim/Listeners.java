package io.pbft.lab.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** All that listen, in the order in which they came. */
final class Listeners {
  private final List<RunListener> all = new ArrayList<>();

  void add(RunListener listener) {
    all.add(listener);
  }

  void tell(Consumer<RunListener> news) {
    for (int i = 0; i < all.size(); i++) {
      news.accept(all.get(i));
    }
  }
}
