package io.pbft.bench.profile;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one process, or several, spent in some time.
 *
 * @param micros by component
 * @param systemMicros how much of all that the system counts as its own
 * @param sleeps how often a thread had to wait
 * @param samples how many stacks the shares are from
 */
record Spent(Map<Component, Double> micros, double systemMicros, long sleeps, long samples) {
  /**
   * Threads' times, names and what the kernel has of them are the system's count; what they did
   * otherwise is shared out by samples, of which one is as good as another.
   */
  static Spent of(
      Map<Integer, ThreadTime> before, Map<Integer, ThreadTime> after, List<Sample> samples) {
    Map<Integer, List<Sample>> byThread = new TreeMap<>();
    for (Sample each : samples) {
      byThread.computeIfAbsent(each.tid(), tid -> new ArrayList<>()).add(each);
    }
    Map<Component, Double> micros = new EnumMap<>(Component.class);
    double system = 0;
    long sleeps = 0;
    for (Map.Entry<Integer, ThreadTime> each : after.entrySet()) {
      ThreadTime earlier = before.get(each.getKey());
      ThreadTime time = earlier == null ? each.getValue() : each.getValue().minus(earlier);
      share(time, byThread.getOrDefault(each.getKey(), List.of()))
          .forEach((component, part) -> micros.merge(component, part, Double::sum));
      system += time.systemMicros();
      sleeps += time.sleeps();
    }
    long count = samples.stream().mapToLong(Sample::count).sum();
    return new Spent(micros, system, sleeps, count);
  }

  private static Map<Component, Double> share(ThreadTime time, List<Sample> samples) {
    Map<Component, Double> parts = new EnumMap<>(Component.class);
    parts.put(Classifier.ofKernel(time.name()), (double) time.systemMicros());
    List<Sample> own = samples.stream().filter(each -> !each.isInKernel()).toList();
    double all = own.stream().mapToLong(Sample::count).sum();
    if (own.isEmpty()) {
      // It had too little to be met even once.
      parts.merge(Classifier.of(time.name(), List.of()), (double) time.userMicros(), Double::sum);
    }
    for (Sample each : own) {
      parts.merge(each.component(), time.userMicros() * each.count() / all, Double::sum);
    }
    return parts;
  }

  static Spent sum(List<Spent> all) {
    Map<Component, Double> micros = new EnumMap<>(Component.class);
    for (Spent each : all) {
      each.micros.forEach((component, part) -> micros.merge(component, part, Double::sum));
    }
    return new Spent(
        micros,
        all.stream().mapToDouble(Spent::systemMicros).sum(),
        all.stream().mapToLong(Spent::sleeps).sum(),
        all.stream().mapToLong(Spent::samples).sum());
  }

  double of(Component component) {
    return micros.getOrDefault(component, 0.0);
  }

  double total() {
    return micros.values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
