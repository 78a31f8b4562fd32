package io.pbft.core.driver;

import io.pbft.core.CoreStatus;
import io.pbft.core.message.StatusQuery;
import io.pbft.core.message.StatusReport;
import java.util.List;
import java.util.TreeMap;

/**
 * What clients want to know of this replica. A report costs as much as several operations, so each
 * client has only so many in a second.
 */
final class Questions {
  /** Reports to one client in a second. */
  static final int A_SECOND = 256;

  private static final long SECOND_MILLIS = 1000;
  private static final int MAX_WAITING_FOR_CHARS = 1000;

  private final int self;
  private final RefusalCounters refusals;
  private final TreeMap<Integer, Integer> asked = new TreeMap<>();
  private long since;

  Questions(int self, RefusalCounters refusals) {
    this.self = self;
    this.refusals = refusals;
  }

  /** Whether the client may have one more report. */
  boolean allows(int client, long nowMillis) {
    if (nowMillis - since >= SECOND_MILLIS) {
      asked.clear();
      since = nowMillis;
    }
    return asked.merge(client, 1, Integer::sum) <= A_SECOND;
  }

  /** The report that answers. */
  StatusReport report(StatusQuery query, CoreStatus status, int connected) {
    String waiting = status.waitingFor();
    List<StatusReport.Count> counts =
        refusals.counts().entrySet().stream()
            .map(entry -> new StatusReport.Count(entry.getKey().name(), entry.getValue()))
            .toList();
    return new StatusReport(
        query.nonce(),
        status.view(),
        status.active(),
        status.lastExecuted(),
        status.stableCheckpoint(),
        status.logSize(),
        connected,
        status.divergences(),
        waiting.substring(0, Math.min(waiting.length(), MAX_WAITING_FOR_CHARS)),
        counts,
        self);
  }
}
