package io.pbft.lab.report;

import io.pbft.core.message.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Says in words what a traitor did. */
final class LieTeller {
  private final RunRecord run;
  private final Digests digests;

  LieTeller(RunRecord run, Digests digests) {
    this.run = run;
    this.digests = digests;
  }

  /** Lies of one moment: the same sender, kind, slot and action. */
  List<Flight> sameAs(Flight one, List<Flight> lies) {
    return lies.stream()
        .filter(
            f ->
                f.sentMicros == one.sentMicros
                    && f.from == one.from
                    && f.slot == one.slot
                    && f.kind().equals(one.kind())
                    && f.lie.action().equals(one.lie.action()))
        .toList();
  }

  static List<Integer> numbers(List<Flight> flights) {
    return flights.stream().map(f -> f.number).toList();
  }

  long until(List<Flight> flights) {
    return flights.stream().mapToLong(f -> Math.max(f.sentMicros, f.arrivedMicros)).max().orElse(0);
  }

  /** A sentence about lies of one moment. */
  String tell(List<Flight> group) {
    Flight one = group.get(0);
    TreeSet<String> receivers = new TreeSet<>();
    group.forEach(f -> receivers.add(run.name(f.to)));
    String to = Html.and(receivers);
    String who = "<b class=\"bad\">" + run.name(one.from) + "</b>";
    String what = one.kind() + (one.slot < 0 ? "" : " for slot " + one.slot);
    if (one.fate == Flight.Fate.WITHHELD) {
      return who + " keeps its " + what + " from " + to + ".";
    }
    Message honest = one.lie.honest();
    String action = Html.code(one.lie.action());
    if (honest == null) {
      return who + " sends " + to + " a " + what + " that its core never made (" + action + ").";
    }
    if (honest == one.message) {
      return who + " tampers with its " + what + " to " + to + " (" + action + ").";
    }
    String claim = digests.letter(one.slot, one.digest);
    String truth = digests.letter(one.slot, MessageFields.digest(honest));
    return claim.equals(truth)
        ? who + " tells " + to + " a " + what + " with " + difference(honest, one.message)
        : who + " tells " + to + " that slot " + one.slot + " is " + claim + others(one, truth);
  }

  private String others(Flight lie, String truth) {
    TreeSet<String> told = new TreeSet<>();
    for (Flight each : run.flights) {
      boolean twin =
          each.from == lie.from
              && each.slot == lie.slot
              && each.view == lie.view
              && each.kind().equals(lie.kind())
              && !each.isLie();
      if (twin) {
        told.add(run.name(each.to));
      }
    }
    return told.isEmpty()
        ? ", where its core says " + truth + "."
        : ", and " + Html.and(told) + " that it is " + truth + ".";
  }

  private static String difference(Message honest, Message said) {
    Map<String, String> truth = MessageFields.of(honest);
    List<String> different = new ArrayList<>();
    MessageFields.of(said)
        .forEach(
            (name, value) -> {
              if (!value.equals(truth.get(name))) {
                different.add(name);
              }
            });
    return different.isEmpty()
        ? "other bytes than its core's."
        : "a forged " + Html.and(different) + ".";
  }

  /** How many lies of which kinds there are in all. */
  String tally(List<Flight> lies) {
    Map<String, Integer> kinds = new TreeMap<>();
    for (Flight each : lies) {
      String kind = each.kind() + (each.fate == Flight.Fate.WITHHELD ? " withheld" : " false");
      kinds.merge(kind, 1, Integer::sum);
    }
    List<String> parts = new ArrayList<>();
    kinds.forEach((kind, count) -> parts.add(count + " " + kind));
    return "In all: " + Html.and(parts) + ".";
  }
}
