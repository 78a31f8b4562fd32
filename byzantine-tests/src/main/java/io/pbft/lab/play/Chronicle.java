package io.pbft.lab.play;

import io.pbft.core.Observation;
import io.pbft.core.message.Message;
import io.pbft.core.message.Reason;
import io.pbft.crypto.Digest;
import io.pbft.crypto.Principal;
import io.pbft.lab.sim.Simulation;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What correct replicas noticed in a run, counted; and who wants to hear of it at once. */
final class Chronicle implements Simulation.Listener {
  /** Told of what happens as it happens. */
  interface Watcher {
    default void onSend(Principal from, Principal to, Message message) {}

    default void onNotice(int replica, String what, long slot, long view) {}
  }

  /** A correct replica entered a view. */
  record Entered(long atMicros, long view, int primary) {}

  private final Stage stage;
  private final Map<Reason, TreeMap<Integer, Long>> refused = new EnumMap<>(Reason.class);
  private final Map<Reason, TreeMap<Integer, Long>> deferred = new EnumMap<>(Reason.class);
  private final TreeMap<String, Long> noticed = new TreeMap<>();
  private final TreeMap<String, TreeMap<Integer, Long>> noticedBy = new TreeMap<>();
  private final TreeMap<Long, TreeSet<Digest>> executed = new TreeMap<>();
  private final TreeSet<Integer> accused = new TreeSet<>();
  private final List<Entered> entered = new ArrayList<>();
  private final List<Watcher> watchers = new ArrayList<>();
  private final TreeSet<Integer> clients = new TreeSet<>();
  private final TreeSet<Integer> down = new TreeSet<>();
  private long highestView;

  Chronicle(Stage stage) {
    this.stage = stage;
  }

  void watch(Watcher watcher) {
    watchers.add(watcher);
  }

  /** Clients that take part, correct or not. */
  TreeSet<Integer> clients() {
    return clients;
  }

  /** A replica is down. */
  void down(int replica) {
    down.add(replica);
  }

  void up(int replica) {
    down.remove(replica);
  }

  /** Replicas that are down. */
  TreeSet<Integer> down() {
    return down;
  }

  @Override
  public void onSend(long atMicros, Principal from, Principal to, Message message) {
    watchers.forEach(w -> w.onSend(from, to, message));
  }

  @Override
  public void onObservation(long atMicros, int replica, Observation observation) {
    if (!stage.isTraitor(replica)) {
      count(atMicros, observation);
    }
    Notice notice = Notice.of(observation);
    if (notice != null) {
      noticedBy.computeIfAbsent(notice.what(), w -> new TreeMap<>()).merge(replica, 1L, Long::sum);
      watchers.forEach(w -> w.onNotice(replica, notice.what(), notice.slot(), notice.view()));
    }
  }

  private void count(long atMicros, Observation observation) {
    Notice notice = Notice.of(observation);
    if (notice != null) {
      noticed.merge(notice.what(), 1L, Long::sum);
    }
    if (observation instanceof Observation.Refused o) {
      tally(refused, o.reason(), o.sender());
    } else if (observation instanceof Observation.Deferred o) {
      tally(deferred, o.reason(), o.sender());
    } else if (observation instanceof Observation.Executing o) {
      executed.computeIfAbsent(o.sequence(), s -> new TreeSet<>()).add(o.digest());
    } else if (observation instanceof Observation.Equivocation o) {
      accused.add(o.replica());
    } else if (observation instanceof Observation.ViewEntered o) {
      entered.add(new Entered(atMicros, o.view(), o.primary()));
      highestView = Math.max(highestView, o.view());
    }
  }

  private static void tally(Map<Reason, TreeMap<Integer, Long>> into, Reason reason, int sender) {
    into.computeIfAbsent(reason, r -> new TreeMap<>()).merge(sender, 1L, Long::sum);
  }

  /** How often correct replicas refused for the reason, by sender; -1 is a client. */
  Map<Integer, Long> refused(Reason reason) {
    return refused.getOrDefault(reason, new TreeMap<>());
  }

  Map<Integer, Long> deferred(Reason reason) {
    return deferred.getOrDefault(reason, new TreeMap<>());
  }

  /** All refusals, by reason. */
  Map<Reason, Long> refusals() {
    Map<Reason, Long> sums = new EnumMap<>(Reason.class);
    refused.forEach((reason, by) -> sums.put(reason, sum(by)));
    return sums;
  }

  static long sum(Map<Integer, Long> by) {
    return by.values().stream().mapToLong(Long::longValue).sum();
  }

  long noticed(String what) {
    return noticed.getOrDefault(what, 0L);
  }

  /** How often each replica noticed it, faulty ones included. */
  Map<Integer, Long> noticedBy(String what) {
    return noticedBy.getOrDefault(what, new TreeMap<>());
  }

  TreeSet<Integer> accused() {
    return accused;
  }

  /** Digests that correct replicas executed at the slot. */
  TreeSet<Digest> executedAt(long slot) {
    return executed.getOrDefault(slot, new TreeSet<>());
  }

  /** The highest view that a correct replica entered. */
  long highestView() {
    return highestView;
  }

  List<Entered> entered() {
    return entered;
  }
}
