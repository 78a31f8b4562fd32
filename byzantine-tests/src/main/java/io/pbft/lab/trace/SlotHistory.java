package io.pbft.lab.trace;

import io.pbft.core.Observation;
import io.pbft.core.message.Request;
import io.pbft.core.spi.LogRecord;
import io.pbft.crypto.Digest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a replica has found of each sequence number above its stable checkpoint, for {@code log}.
 */
final class SlotHistory {
  private record Proposal(long view, Digest digest) {}

  private final TreeMap<Long, Map<Proposal, List<String>>> slots = new TreeMap<>();
  private final TreeMap<Long, Digest> executed = new TreeMap<>();
  private final List<Request> requests = new ArrayList<>();

  void persisted(LogRecord record) {
    if (record instanceof LogRecord.PrePrepared r) {
      mark(r.view(), r.sequence(), r.batch().digest(), "pre-prepared");
    } else if (record instanceof LogRecord.Prepared r) {
      mark(r.view(), r.sequence(), r.digest(), "prepared");
    }
  }

  void observed(Observation observation) {
    if (observation instanceof Observation.CommittedLocal o) {
      mark(o.view(), o.sequence(), o.digest(), "committed-local");
    } else if (observation instanceof Observation.Executing o) {
      executed.put(o.sequence(), o.digest());
    } else if (observation instanceof Observation.CheckpointStable o) {
      forget(o.sequence());
    }
  }

  private void mark(long view, long sequence, Digest digest, String mark) {
    slots
        .computeIfAbsent(sequence, s -> new LinkedHashMap<>())
        .computeIfAbsent(new Proposal(view, digest), p -> new ArrayList<>())
        .add(mark);
  }

  void executed(Request request) {
    requests.add(request);
  }

  void installed(long sequence) {
    forget(sequence);
  }

  private void forget(long stable) {
    slots.headMap(stable, true).clear();
    executed.headMap(stable, true).clear();
  }

  /** Requests executed here, in order; not those that a fetched state brought. */
  List<Request> requests() {
    return requests;
  }

  void tell(Names names, Transcript transcript) {
    TreeMap<Long, String> lines = new TreeMap<>();
    executed.forEach((s, digest) -> lines.put(s, "s" + s + " executed " + names.batch(digest)));
    slots.forEach(
        (s, proposals) ->
            proposals.forEach(
                (proposal, marks) ->
                    lines.merge(s, describe(names, proposal, marks), (a, b) -> a + "; " + b)));
    lines.forEach(
        (s, text) -> transcript.line(text.startsWith("s" + s) ? text : "s" + s + " " + text));
  }

  private static String describe(Names names, Proposal proposal, List<String> marks) {
    return "v"
        + proposal.view()
        + " "
        + names.batch(proposal.digest())
        + " "
        + marks.get(marks.size() - 1);
  }
}
