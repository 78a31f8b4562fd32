package io.pbft.lab.report;

import io.pbft.core.message.Reason;
import io.pbft.lab.report.RunRecord.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Refusals by correct replicas, one row for each reason, sender and kind of message. */
final class Ledger {
  /**
   * A row.
   *
   * @param number as the diagram shows it, in order of the first refusal
   * @param first of the refusals
   * @param byReceiver how many, by lane
   */
  record Row(int number, Refusal first, Map<Integer, Integer> byReceiver) {
    Reason reason() {
      return first.reason();
    }

    int count() {
      return byReceiver.values().stream().mapToInt(Integer::intValue).sum();
    }
  }

  private final RunRecord run;
  private final Map<String, Row> rows = new LinkedHashMap<>();

  Ledger(RunRecord run) {
    this.run = run;
    for (Refusal each : run.refusals) {
      rows.computeIfAbsent(key(each), k -> new Row(rows.size() + 1, each, new TreeMap<>()))
          .byReceiver()
          .merge(each.who(), 1, Integer::sum);
    }
  }

  private static String key(Refusal refusal) {
    return refusal.reason() + " " + refusal.sender() + " " + refusal.kind();
  }

  List<Row> rows() {
    return List.copyOf(rows.values());
  }

  Row row(Refusal refusal) {
    return rows.get(key(refusal));
  }

  /** For the diagram's legend. */
  List<Object> data() {
    List<Object> data = new ArrayList<>();
    for (Row row : rows.values()) {
      Reason reason = row.reason();
      String sender = run.name(row.first().sender());
      data.add(List.of(row.number(), reason.name(), reason.meaning(), sender, row.first().kind()));
    }
    return data;
  }
}
