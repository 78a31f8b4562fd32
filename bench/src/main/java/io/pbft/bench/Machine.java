package io.pbft.bench;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/** What the figures were measured on, which belongs beside them. */
public final class Machine {
  private final AtomicLong longestPauseMillis = new AtomicLong();
  private final AtomicLong pauses = new AtomicLong();

  /** Hears of the collector's pauses from now on. */
  Machine() {
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      ((NotificationEmitter) collector)
          .addNotificationListener(
              (notification, handback) -> note((CompositeData) notification.getUserData()),
              null,
              null);
    }
  }

  private void note(CompositeData data) {
    var info = GarbageCollectionNotificationInfo.from(data);
    // Concurrent work is reported, too, and stops nobody.
    if (!info.getGcName().contains("Concurrent") && !info.getGcName().contains("Cycles")) {
      pauses.incrementAndGet();
      longestPauseMillis.accumulateAndGet(info.getGcInfo().getDuration(), Math::max);
    }
  }

  void resetPauses() {
    pauses.set(0);
    longestPauseMillis.set(0);
  }

  public static String load() {
    return String.format(
        Locale.ROOT,
        "load average %.1f",
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  String collector() {
    return String.format(
        Locale.ROOT,
        "%d collections, the longest pause %d ms",
        pauses.get(),
        longestPauseMillis.get());
  }

  public static String settings() {
    List<String> flags =
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(flag -> flag.startsWith("-X"))
            .toList();
    return String.format(
        Locale.ROOT,
        "Java %s, %d processors, %s",
        Runtime.version().feature(),
        Runtime.getRuntime().availableProcessors(),
        String.join(" ", flags));
  }
}
