package io.pbft.cli.demo;

import io.pbft.core.message.Reason;
import java.util.LinkedHashMap;
import java.util.Map;

/** The demo in numbers, as {@code --json} prints them. */
final class Figures {
  private Figures() {}

  static Map<String, Object> of(
      Workload workload,
      ReadBack readBack,
      long viewChanges,
      Map<String, Long> refusals,
      boolean held,
      double rate,
      double seconds) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("ok", held);
    figures.put("operations", workload.operations());
    figures.put("opsPerSecond", Math.round(rate));
    figures.put("longestPauseMillis", workload.longestPauseMillis());
    figures.put("viewChanges", viewChanges);
    figures.put("acknowledgedWrites", workload.acknowledged().size());
    figures.put("missing", readBack.missing());
    figures.put("wrong", readBack.wrong() + workload.wrong().size());
    figures.put("refusals", refusals);
    figures.put("seconds", Math.round(seconds * 10) / 10.0);
    return figures;
  }

  /** A reason in words. */
  static String meaning(String reason) {
    for (Reason known : Reason.values()) {
      if (known.name().equals(reason)) {
        return known.meaning();
      }
    }
    return "";
  }
}
