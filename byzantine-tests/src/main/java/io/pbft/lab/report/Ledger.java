package io.pbft.lab.report;

import io.pbft.core.message.Reason;
import io.pbft.lab.report.RunRecord.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Refusals by correct replicas, one row for each reason, kind of message and sender. */
final class Ledger {
  /**
   * A row.
   *
   * @param number as the diagram shows it: of the reason and the kind
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

  private final Map<String, Integer> numbers = new TreeMap<>();
  private final Map<String, Row> rows = new LinkedHashMap<>();

  Ledger(RunRecord run) {
    for (Refusal each : run.refusals) {
      rows.computeIfAbsent(key(each), k -> new Row(numberOf(each), each, new TreeMap<>()))
          .byReceiver()
          .merge(each.who(), 1, Integer::sum);
    }
  }

  /** The same for all senders: what the legend explains. */
  private int numberOf(Refusal refusal) {
    String what = refusal.reason() + " " + refusal.kind();
    return numbers.computeIfAbsent(what, w -> numbers.size() + 1);
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

  /** For the diagram's legend: number, reason, its meaning, kind of message. */
  List<Object> data() {
    List<Object> data = new ArrayList<>();
    for (Row row : rows.values()) {
      if (row.number() > data.size()) {
        Reason reason = row.reason();
        data.add(List.of(row.number(), reason.name(), reason.meaning(), row.first().kind()));
      }
    }
    return data;
  }
}
