package io.pbft.lab.sim;

import io.pbft.core.message.Request;
import io.pbft.core.message.Result;
import io.pbft.core.spi.ExecutionContext;
import io.pbft.crypto.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What correct replicas have executed, in the one order that there must be; keeps what it was told
 * first, and reports whatever contradicts it. It outlives crashes, so it remembers what the whole
 * cluster may have forgotten.
 */
public final class Ledger {
  /** A request at its place. */
  public record Entry(long sequence, int index, long timeMillis, Request request, Result result)
      implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      int bySequence = Long.compare(sequence, other.sequence);
      return bySequence != 0 ? bySequence : Integer.compare(index, other.index);
    }
  }

  private record Session(int client, long number) {}

  /** Where contradictions go. */
  interface Complaints {
    void complain(Violation.Kind kind, int replica, String evidence);
  }

  private final Complaints complaints;
  private final TreeMap<Long, Digest> decided = new TreeMap<>();
  private final TreeMap<Long, Integer> decidedBy = new TreeMap<>();
  private final TreeMap<Long, List<Entry>> executed = new TreeMap<>();
  private final Map<Session, TreeMap<Long, Entry>> bySession = new HashMap<>();
  private final Map<Session, TreeMap<Long, Long>> tentative = new HashMap<>();

  Ledger(Complaints complaints) {
    this.complaints = complaints;
  }

  /** The digest of each batch that a correct replica has executed, by sequence number. */
  public TreeMap<Long, Digest> decisions() {
    return decided;
  }

  /** All requests that correct replicas have executed, in order. */
  public List<Entry> entries() {
    List<Entry> all = new ArrayList<>();
    executed.values().forEach(all::addAll);
    return all;
  }

  /** Where a session's request was executed, or null. */
  public Entry find(int client, long session, long timestamp) {
    TreeMap<Long, Entry> entries = bySession.get(new Session(client, session));
    return entries == null ? null : entries.get(timestamp);
  }

  /**
   * Whether a correct replica has executed a session's request tentatively, and nothing is decided
   * at its sequence number yet, nor behind it.
   */
  public boolean isOpen(int client, long session, long timestamp) {
    Long sequence =
        tentative.getOrDefault(new Session(client, session), new TreeMap<>()).get(timestamp);
    return sequence != null && sequence > last();
  }

  /** The highest sequence number that a correct replica has executed. */
  public long last() {
    return decided.isEmpty() ? 0 : decided.lastKey();
  }

  void executeTentatively(long sequence, Request request) {
    tentative
        .computeIfAbsent(new Session(request.client(), request.session()), s -> new TreeMap<>())
        .merge(request.timestamp(), sequence, Math::max);
  }

  void decide(int replica, long sequence, Digest digest) {
    Digest first = decided.putIfAbsent(sequence, digest);
    Integer firstBy = decidedBy.putIfAbsent(sequence, replica);
    if (first != null && !first.equals(digest)) {
      complaints.complain(
          Violation.Kind.AGREEMENT,
          replica,
          "executes batch "
              + digest
              + " at "
              + sequence
              + " where replica "
              + firstBy
              + " executed "
              + first);
    }
  }

  void execute(int replica, ExecutionContext context, int index, Request request, Result result) {
    long sequence = context.sequence();
    List<Entry> batch = executed.computeIfAbsent(sequence, s -> new ArrayList<>());
    if (index < batch.size()) {
      compare(replica, batch.get(index), request, result);
      return;
    }
    Entry entry = new Entry(sequence, index, context.timeMillis(), request, result);
    batch.add(entry);
    TreeMap<Long, Entry> session =
        bySession.computeIfAbsent(
            new Session(request.client(), request.session()), s -> new TreeMap<>());
    Entry before = session.putIfAbsent(request.timestamp(), entry);
    if (before != null) {
      complaints.complain(
          Violation.Kind.VALIDITY,
          replica,
          "executes "
              + request
              + " at "
              + sequence
              + ", and it was executed at "
              + before.sequence());
    } else {
      checkOrder(replica, session, entry);
    }
  }

  private void compare(int replica, Entry known, Request request, Result result) {
    // Another request here would be another batch, about which decide has complained.
    boolean same = known.request().digest().equals(request.digest());
    if (same && !known.result().digest().equals(result.digest())) {
      complaints.complain(
          Violation.Kind.STATE,
          replica,
          "gets another result for " + request + " at " + known.sequence() + " than others");
    }
  }

  private void checkOrder(int replica, TreeMap<Long, Entry> session, Entry entry) {
    long timestamp = entry.request().timestamp();
    Map.Entry<Long, Entry> below = session.lowerEntry(timestamp);
    Map.Entry<Long, Entry> above = session.higherEntry(timestamp);
    boolean wrong =
        (below != null && below.getValue().compareTo(entry) > 0)
            || (above != null && above.getValue().compareTo(entry) < 0);
    if (wrong) {
      complaints.complain(
          Violation.Kind.VALIDITY,
          replica,
          "executes "
              + entry.request()
              + " at "
              + entry.sequence()
              + ", out of its client's order");
    }
  }
}
