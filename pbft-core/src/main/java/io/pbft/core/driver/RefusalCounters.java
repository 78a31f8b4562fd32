package io.pbft.core.driver;

import io.pbft.core.message.Reason;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How often each reason was given. Thread safe. */
final class RefusalCounters {
  private final Map<Reason, LongAdder> counters = new EnumMap<>(Reason.class);

  RefusalCounters() {
    for (Reason reason : Reason.values()) {
      counters.put(reason, new LongAdder());
    }
  }

  void count(Reason reason) {
    counters.get(reason).increment();
  }

  /** Those that were given at least once, in the order of the enum. */
  Map<Reason, Long> counts() {
    Map<Reason, Long> counts = new EnumMap<>(Reason.class);
    counters.forEach(
        (reason, counter) -> {
          long count = counter.sum();
          if (count > 0) {
            counts.put(reason, count);
          }
        });
    return counts;
  }
}
