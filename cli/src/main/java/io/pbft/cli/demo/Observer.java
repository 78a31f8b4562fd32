package io.pbft.cli.demo;

import io.pbft.cli.LocalCluster;
import io.pbft.client.PbftClient;
import io.pbft.core.Quorums;
import io.pbft.core.message.StatusReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for conditions, with deadlines, by asking the replicas how they see themselves. */
final class Observer {
  private static final Duration DEADLINE = Duration.ofSeconds(40);
  private static final long ANSWER_MILLIS = 500;
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

  private static final Quorums QUORUMS = Quorums.of(LocalCluster.REPLICAS);

  private final PbftClient client;

  Observer(PbftClient client) {
    this.client = client;
  }

  /** Where several replicas are. */
  record Place(long view, int primary, long lastExecuted) {}

  /** The replica's report, null if it gives none in time. */
  StatusReport report(int replica) {
    return ask(replica).join();
  }

  private CompletableFuture<StatusReport> ask(int replica) {
    return client
        .status(replica)
        .orTimeout(ANSWER_MILLIS, TimeUnit.MILLISECONDS)
        .exceptionally(late -> null);
  }

  /** The view that all the replicas are in, null while they are not in one. */
  Place place(List<Integer> replicas) {
    List<CompletableFuture<StatusReport>> asked = new ArrayList<>();
    replicas.forEach(replica -> asked.add(ask(replica)));
    Place place = null;
    for (CompletableFuture<StatusReport> future : asked) {
      StatusReport report = future.join();
      if (report == null || !report.active() || (place != null && place.view != report.view())) {
        return null;
      }
      long executed = Math.max(place == null ? 0 : place.lastExecuted, report.lastExecuted());
      place = new Place(report.view(), QUORUMS.primary(report.view()), executed);
    }
    return place;
  }

  /** Waits until the replicas are in one view. */
  Place awaitPlace(List<Integer> replicas) throws DemoFailure {
    try {
      return await("", () -> place(replicas));
    } catch (DemoFailure e) {
      StringBuilder seen = new StringBuilder("the replicas are in no common view:");
      for (int replica : replicas) {
        StatusReport report = report(replica);
        seen.append(" [").append(report == null ? replica + " silent" : report).append(']');
      }
      throw new DemoFailure(seen.toString(), e);
    }
  }

  /** Waits until each of the replicas has links to all others. */
  void awaitLinks(List<Integer> replicas) throws DemoFailure {
    for (int replica : replicas) {
      await(
          "replica " + replica + " has no links to all others",
          () -> {
            StatusReport report = report(replica);
            boolean linked = report != null && report.peersConnected() == replicas.size() - 1;
            return linked ? report : null;
          });
    }
  }

  /** Waits until the replicas are in one view, above {@code view}. */
  Place awaitViewAbove(long view, List<Integer> replicas) throws DemoFailure {
    return await(
        "replicas " + replicas + " did not agree on a view above " + view,
        () -> {
          Place place = place(replicas);
          return place != null && place.view > view ? place : null;
        });
  }

  /**
   * Waits until a restarted replica is in the others' view, has executed what they had, and votes
   * again.
   */
  StatusReport awaitRejoined(int replica, List<Integer> others) throws DemoFailure {
    StatusReport[] last = new StatusReport[1];
    Place target = awaitPlace(others);
    try {
      return await(
          "",
          () -> {
            StatusReport report = report(replica);
            last[0] = report == null ? last[0] : report;
            boolean there =
                report != null
                    && report.active()
                    && report.view() >= target.view
                    && report.lastExecuted() >= target.lastExecuted
                    && report.waitingFor().isEmpty();
            return there ? report : null;
          });
    } catch (DemoFailure e) {
      throw new DemoFailure(
          "replica " + replica + " did not catch up to " + target + "; it says " + last[0], e);
    }
  }

  /** Counts of refusals at the replicas, by reason. */
  Map<String, Long> refusals(List<Integer> replicas) {
    Map<String, Long> sum = new TreeMap<>();
    for (int replica : replicas) {
      StatusReport report = report(replica);
      if (report != null) {
        report.refusals().forEach(count -> sum.merge(count.reason(), count.count(), Long::sum));
      }
    }
    return sum;
  }

  /** Waits until the supplier gives something. */
  static <T> T await(String otherwise, Supplier<T> condition) throws DemoFailure {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    T value = condition.get();
    while (value == null) {
      if (System.nanoTime() > deadline) {
        throw new DemoFailure(otherwise + " within " + DEADLINE.toSeconds() + " seconds");
      }
      LockSupport.parkNanos(POLL_NANOS);
      value = condition.get();
    }
    return value;
  }
}
