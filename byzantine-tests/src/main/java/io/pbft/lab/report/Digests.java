package io.pbft.lab.report;

import io.pbft.core.message.Batch;
import io.pbft.crypto.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Letters for what competes at a slot: A is what correct replicas executed there, B and so on the
 * others in the order of their appearance.
 */
final class Digests {
  /** The null batch's. */
  static final String NULL = "∅";

  private final TreeMap<Long, List<Digest>> bySlot = new TreeMap<>();

  Digests(RunRecord run) {
    run.correctMarks(RunRecord.What.EXECUTED).forEach(m -> add(m.slot(), m.digest()));
    run.flights.stream().filter(f -> !f.isLie()).forEach(f -> add(f.slot, f.digest));
    run.flights.forEach(f -> add(f.slot, f.digest));
    run.marks.forEach(m -> add(m.slot(), m.digest()));
  }

  private void add(long slot, Digest digest) {
    if (slot < 0 || digest == null || digest.equals(Batch.NULL.digest())) {
      return;
    }
    List<Digest> known = bySlot.computeIfAbsent(slot, s -> new ArrayList<>(1));
    if (!known.contains(digest)) {
      known.add(digest);
    }
  }

  /** Empty where there is no digest. */
  String letter(long slot, Digest digest) {
    if (digest == null) {
      return "";
    }
    if (digest.equals(Batch.NULL.digest())) {
      return NULL;
    }
    int index = bySlot.getOrDefault(slot, List.of()).indexOf(digest);
    return index < 0 ? "" : index < 26 ? String.valueOf((char) ('A' + index)) : "#" + index;
  }

  /** Slots at which anything was said, ascending. */
  List<Long> slots() {
    return List.copyOf(bySlot.keySet());
  }
}
