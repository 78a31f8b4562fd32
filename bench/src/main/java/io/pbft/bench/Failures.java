package io.pbft.bench;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How many operations failed, by why. Thread safe. */
public final class Failures {
  private final Map<String, Long> counts = new TreeMap<>();

  /** One more. */
  public void add(Throwable failure) {
    add(failure.getMessage() == null ? failure.toString() : failure.getMessage(), 1);
  }

  /** So many more for one reason. */
  public synchronized void add(String reason, long count) {
    counts.merge(reason, count, Long::sum);
  }

  /** What was counted since the last call. */
  public synchronized Map<String, Long> take() {
    Map<String, Long> taken = new TreeMap<>(counts);
    counts.clear();
    return taken;
  }

  /** In one line, {@code 3 failed: why; 1 failed: why else}; empty when none did. */
  public static String text(Map<String, Long> failures) {
    return failures.entrySet().stream()
        .map(each -> each.getValue() + " failed: " + each.getKey())
        .collect(Collectors.joining("; "));
  }
}
