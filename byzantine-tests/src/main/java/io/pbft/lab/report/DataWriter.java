package io.pbft.lab.report;

import io.pbft.core.message.Message;
import io.pbft.crypto.Digest;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * The record as the page's script reads it (data.js): columns for what every message has, sparse
 * maps for what few have, and each message's text once.
 */
final class DataWriter {
  private final RunRecord run;
  private final Digests digests;
  private final Ledger ledger;
  private final Map<Digest, Integer> digestIndex = new TreeMap<>();
  private final List<Object> digestList = new ArrayList<>();
  private final IdentityHashMap<Message, Integer> textIndex = new IdentityHashMap<>();
  private final List<Object> texts = new ArrayList<>();
  private final List<Object> kinds = new ArrayList<>();
  private final List<Object> forms = new ArrayList<>();

  DataWriter(RunRecord run, Digests digests, Ledger ledger) {
    this.run = run;
    this.digests = digests;
    this.ledger = ledger;
  }

  String write(Recovery recovery, String title, String replay) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("title", title);
    data.put("replay", replay);
    data.put("n", run.n());
    data.put("f", run.f());
    data.put("clients", run.clients());
    data.put("names", run.names);
    data.put("traitors", lanes());
    data.put("end", run.endMicros);
    long[] window = recovery.window(run.endMicros);
    data.put("window", List.of(window[0], window[1]));
    data.put("recovery", phases(recovery));
    data.put("slot", recovery.slot());
    data.put("m", columns());
    data.put("lies", lies());
    data.put("fates", fates());
    data.put("refused", refused());
    data.put("deferred", deferred());
    data.put("marks", marks());
    data.put("timers", timers());
    data.put("incidents", incidents());
    data.put("ledger", ledger.data());
    data.put("kinds", kinds);
    data.put("digests", digestList);
    data.put("letters", letters());
    data.put("forms", forms);
    data.put("texts", texts);
    return Json.of(data);
  }

  private List<Integer> lanes() {
    List<Integer> lanes = new ArrayList<>();
    for (int lane = 0; lane < run.names.size(); lane++) {
      if (run.isTraitor(lane)) {
        lanes.add(lane);
      }
    }
    return lanes;
  }

  private static List<Long> phases(Recovery r) {
    return List.of(
        r.startMicros(), r.detectedMicros(), r.askedMicros(), r.enteredMicros(), r.servedMicros());
  }

  private Map<String, Object> columns() {
    Map<String, Object> columns = new LinkedHashMap<>();
    List<Long> sent = new ArrayList<>();
    long before = 0;
    for (Flight each : run.flights) {
      sent.add(each.sentMicros - before);
      before = each.sentMicros;
    }
    columns.put("sent", sent);
    columns.put("took", column(f -> f.arrivedMicros < 0 ? -1 : f.arrivedMicros - f.sentMicros));
    columns.put("from", column(f -> f.from));
    columns.put("to", column(f -> f.to));
    columns.put("kind", column(f -> index(kinds, f.kind())));
    columns.put("view", column(f -> f.view));
    columns.put("slot", column(f -> f.slot));
    columns.put("digest", column(f -> digest(f.digest)));
    columns.put("bytes", column(f -> f.bytes));
    columns.put("cause", column(f -> f.cause < 0 ? -1 : f.number - f.cause));
    columns.put("text", column(f -> text(f.message)));
    return columns;
  }

  private List<Long> column(ToLongFunction<Flight> of) {
    return run.flights.stream().map(of::applyAsLong).toList();
  }

  /** Where it is in the list, to which it is added if it is new. */
  private static int index(List<Object> list, Object element) {
    int index = list.indexOf(element);
    if (index < 0) {
      list.add(element);
    }
    return index < 0 ? list.size() - 1 : index;
  }

  private int digest(Digest digest) {
    if (digest == null) {
      return -1;
    }
    return digestIndex.computeIfAbsent(
        digest,
        d -> {
          digestList.add(d.toString());
          return digestList.size() - 1;
        });
  }

  /** Votes say nothing beyond their columns. */
  private int text(Message message) {
    if (MessageFields.isVote(message)) {
      return -1;
    }
    return fullText(message);
  }

  private int fullText(Message message) {
    Integer known = textIndex.get(message);
    if (known == null) {
      known = texts.size();
      textIndex.put(message, known);
      Map<String, String> fields = MessageFields.of(message);
      List<Object> flat = new ArrayList<>();
      flat.add(index(forms, List.copyOf(fields.keySet())));
      flat.addAll(fields.values());
      texts.add(flat);
    }
    return known;
  }

  private Map<String, Object> lies() {
    Map<String, Object> lies = new LinkedHashMap<>();
    for (Flight each : run.lies()) {
      Message honest = each.lie.honest();
      boolean same = honest == each.message;
      int text = honest == null ? -1 : same ? -2 : fullText(honest);
      lies.put(
          String.valueOf(each.number),
          List.of(each.lie.action(), text, honest == null ? "" : MessageFields.kind(honest)));
    }
    return lies;
  }

  private Map<String, Object> fates() {
    Map<String, Object> fates = new LinkedHashMap<>();
    run.flights.stream()
        .filter(f -> f.fate != Flight.Fate.ARRIVED)
        .forEach(f -> fates.put(String.valueOf(f.number), f.fate.code()));
    return fates;
  }

  private Map<String, Object> refused() {
    Map<String, Object> refused = new LinkedHashMap<>();
    for (RunRecord.Refusal each : run.refusals) {
      if (each.flight() >= 0) {
        refused.put(String.valueOf(each.flight()), ledger.row(each).number());
      }
    }
    return refused;
  }

  private Map<String, Object> deferred() {
    Map<String, Object> deferred = new LinkedHashMap<>();
    run.flights.stream()
        .filter(f -> f.deferred != null)
        .forEach(f -> deferred.put(String.valueOf(f.number), f.deferred.name()));
    return deferred;
  }

  private Map<String, Object> marks() {
    List<Object> whats = new ArrayList<>();
    Map<String, Object> notes = new LinkedHashMap<>();
    Map<String, List<Long>> columns = new LinkedHashMap<>();
    for (String name : List.of("after", "who", "what", "view", "slot", "digest")) {
      columns.put(name, new ArrayList<>());
    }
    long before = 0;
    for (RunRecord.Mark m : run.marks) {
      if (!m.note().isEmpty() && m.what() != RunRecord.What.EXECUTED) {
        notes.put(String.valueOf(columns.get("who").size()), m.note());
      }
      columns.get("after").add(m.atMicros() - before);
      columns.get("who").add((long) m.who());
      columns.get("what").add((long) index(whats, m.what().name()));
      columns.get("view").add(m.view());
      columns.get("slot").add(m.slot());
      columns.get("digest").add((long) digest(m.digest()));
      before = m.atMicros();
    }
    Map<String, Object> marks = new LinkedHashMap<>(columns);
    marks.put("whats", whats);
    marks.put("notes", notes);
    return marks;
  }

  private List<Object> timers() {
    List<Object> timers = new ArrayList<>();
    for (RunRecord.TimerSpan t : run.timers) {
      timers.add(List.of(t.who(), t.kind().name(), t.fromMicros(), t.toMicros(), t.how()));
    }
    return timers;
  }

  private List<Object> incidents() {
    List<Object> incidents = new ArrayList<>();
    run.incidents.forEach(i -> incidents.add(List.of(i.fromMicros(), i.toMicros(), i.what())));
    return incidents;
  }

  /** Only where a slot has more than an A. */
  private Map<String, Object> letters() {
    Map<String, Object> letters = new TreeMap<>();
    for (Flight each : run.flights) {
      letter(letters, each.slot, each.digest);
    }
    run.marks.forEach(m -> letter(letters, m.slot(), m.digest()));
    return letters;
  }

  private void letter(Map<String, Object> letters, long slot, Digest digest) {
    String letter = slot < 0 ? "" : digests.letter(slot, digest);
    if (!letter.isEmpty() && !letter.equals("A")) {
      letters.put(slot + ":" + digest(digest), letter);
    }
  }
}
