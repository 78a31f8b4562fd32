package io.pbft.lab.report;

import io.pbft.lab.report.RunRecord.Mark;
import io.pbft.lab.report.RunRecord.Operation;
import io.pbft.lab.report.RunRecord.What;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The way from the first lie or fault back to service: detect, wait for a timer, change the view,
 * agree again. Times are -1 where there was no such step.
 *
 * @param startMicros the first lie, silence, deafness or fault; -1 if there was none
 * @param detectedMicros the first refusal or accusation that follows; where there is none, when the
 *     timer was set that then ran out
 * @param askedMicros the first correct replica leaves its view
 * @param enteredMicros a quorum works in a later view
 * @param servedMicros a client that waited since before has its answer
 * @param slot the first lie's, or -1
 */
record Recovery(
    long startMicros,
    long detectedMicros,
    long askedMicros,
    long enteredMicros,
    long servedMicros,
    long slot) {
  private static final long NONE = -1;

  /** Within this time of it a complaint reaches the others. */
  private static final long COMPLAINT_MICROS = 50_000;

  static Recovery of(RunRecord run) {
    long start = start(run);
    if (start < 0) {
      return new Recovery(NONE, NONE, NONE, NONE, NONE, NONE);
    }
    long asked = first(run, What.VIEW_CHANGE, start);
    long sign = detected(run, start, asked);
    long detected = sign >= 0 && sign == asked ? waitingSince(run, start, asked) : sign;
    long entered = asked < 0 ? NONE : entered(run, asked);
    return new Recovery(start, detected, asked, entered, served(run, start, entered), slot(run));
  }

  private static long start(RunRecord run) {
    LongStream lies = run.lies().stream().mapToLong(f -> f.sentMicros);
    LongStream faults = run.incidents.stream().mapToLong(RunRecord.Incident::fromMicros);
    LongStream stops = run.marks(What.STOPPED).stream().mapToLong(Mark::atMicros);
    LongStream ignored = run.ignored.stream().mapToLong(RunRecord.Ignored::atMicros);
    return Stream.of(lies, ignored, faults, stops).flatMapToLong(times -> times).min().orElse(NONE);
  }

  /** The slot that the first lie about a slot is about; a reply only if there is no other. */
  private static long slot(RunRecord run) {
    List<Flight> lies =
        run.lies().stream().filter(f -> f.slot >= 0 && run.isReplica(f.from)).toList();
    return lies.stream()
        .filter(f -> !f.kind().equals("REPLY"))
        .findFirst()
        .or(() -> lies.stream().findFirst())
        .map(f -> f.slot)
        .orElse(NONE);
  }

  /**
   * When the timer was set whose end was the first sign: the first to ask had complained when its
   * timer ran out, and asked when another's complaint arrived.
   */
  private static long waitingSince(RunRecord run, long start, long asked) {
    return run.timers.stream()
        .filter(t -> t.how().equals("fired") && !run.isTraitor(t.who()))
        .filter(t -> t.toMicros() <= asked && t.toMicros() > asked - COMPLAINT_MICROS)
        .mapToLong(t -> Math.max(start, t.fromMicros()))
        .min()
        .orElse(asked);
  }

  private static long first(RunRecord run, What what, long from) {
    return run.correctMarks(what).stream()
        .mapToLong(Mark::atMicros)
        .filter(at -> at >= from)
        .min()
        .orElse(NONE);
  }

  private static long detected(RunRecord run, long start, long asked) {
    long[] signs = {
      first(run, What.REFUSED, start), first(run, What.EQUIVOCATION, start), asked, NONE
    };
    return Arrays.stream(signs).filter(at -> at >= 0).min().orElse(NONE);
  }

  /** A quorum has entered the highest view that correct replicas enter before anybody is served. */
  private static long entered(RunRecord run, long asked) {
    long view =
        run.correctMarks(What.VIEW_CHANGE).stream()
            .filter(m -> m.atMicros() >= asked)
            .mapToLong(Mark::view)
            .min()
            .orElse(NONE);
    for (long each = view; each <= view + run.n(); each++) {
      long at = quorumEnters(run, each, asked);
      if (at >= 0) {
        return at;
      }
    }
    return NONE;
  }

  private static long quorumEnters(RunRecord run, long view, long asked) {
    List<Mark> entries =
        run.marks(What.ENTERED).stream()
            .filter(m -> m.view() == view && m.atMicros() >= asked)
            .sorted(Comparator.comparingLong(Mark::atMicros))
            .toList();
    int quorum = run.config().quorums().quorum();
    return entries.size() < quorum ? NONE : entries.get(quorum - 1).atMicros();
  }

  /** The first answer after the new view to who waited; without a new view, after the start. */
  private static long served(RunRecord run, long start, long entered) {
    long from = entered < 0 ? start : entered;
    return run.operations.stream()
        .filter(o -> o.toMicros() >= from && o.fromMicros() <= from)
        .mapToLong(Operation::toMicros)
        .min()
        .orElse(
            run.operations.stream()
                .mapToLong(Operation::toMicros)
                .filter(at -> at >= from)
                .min()
                .orElse(NONE));
  }

  boolean wasAttacked() {
    return startMicros >= 0;
  }

  boolean changedView() {
    return enteredMicros >= 0;
  }

  /** From the first lie to the answer, or -1. */
  long tookMicros() {
    return servedMicros < 0 || !wasAttacked() ? NONE : servedMicros - startMicros;
  }

  /** Where the page starts to look: from a little before to a little after. */
  long[] window(long endMicros) {
    if (!wasAttacked()) {
      return new long[] {0, Math.min(endMicros, 120_000)};
    }
    long end = Math.max(servedMicros, Math.max(enteredMicros, detectedMicros));
    end = end < 0 ? Math.min(endMicros, startMicros + 200_000) : end;
    long margin = Math.max(6_000, (end - startMicros) / 12);
    return new long[] {Math.max(0, startMicros - margin), Math.min(endMicros, end + margin)};
  }
}
