package io.pbft.lab.scenario;

import io.pbft.core.message.Message;
import io.pbft.core.message.MessageType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** All phrases of scenarios. The parser, the printer and the DSL know no others. */
public final class Vocabulary {
  /** Where a phrase may stand. */
  public enum Place {
    /** What a traitor's or the network's rule waits for. */
    TRIGGER,
    /** What a traitor does. */
    ACTION,
    /** What the network, or fate, does. */
    INCIDENT,
    EXPECTATION,
    SETTING
  }

  private static final Kind ANY_TYPE = Kind.words(types());
  private static final Kind OBSERVATION =
      Kind.words(
          "entered-view",
          "executing",
          "pre-prepared",
          "prepared",
          "committed",
          "stable",
          "view-change",
          "transfer",
          "transferred",
          "diverged",
          "equivocation",
          "voting-resumed",
          "tentative",
          "undone",
          "out-of-window");
  private static final Kind DIGEST = Kind.words("random", "zero", "null", "other", "kept");

  private static final List<Form> TRIGGERS =
      List.of(
          message("sending", "a message is about to leave", "to"),
          message("receiving", "a message has arrived", "from"),
          Form.of("timer", "a timer of the replica fires").takes("kind", Kind.TIMER),
          Form.of("noticing", "the replica observes something")
              .takes("what", OBSERVATION)
              .bound("slot")
              .bound("view")
              .bound("nth")
              .word("by", Kind.ACTORS),
          Form.of("starting", "the run begins"),
          Form.of("at", "so long after the start").takes("time", Kind.SPAN),
          Form.of("every", "again and again").takes("time", Kind.SPAN));

  private static final List<Form> ACTIONS =
      concat(
          List.of(
              Form.of("drop", "the message is lost"),
              Form.of("delay", "the message leaves later").takes("time", Kind.SPAN),
              Form.of("duplicate", "the message leaves several times").named("times", Kind.NUMBER),
              Form.of("hold", "keeps the message back"),
              Form.of("release", "sends all that was kept back"),
              Form.of("redirect", "the message goes to others").needsWord("to", Kind.ACTORS),
              Form.of("replay", "sends an earlier message of this type again")
                  .takes("type", ANY_TYPE)
                  .named("pick", Kind.words("oldest", "latest", "random"))
                  .named("times", Kind.NUMBER)
                  .word("to", Kind.ACTORS),
              Form.of("reflect", "sends back what was received")
                  .flag("relabelled")
                  .word("to", Kind.ACTORS),
              Form.of("spoof", "the message names another author").needsWord("as", Kind.ACTORS),
              Form.of("outsider", "the message names an author that is no member"),
              Form.of("corrupt", "damages the message's bytes")
                  .takes(
                      "part",
                      Kind.words(
                          "mac",
                          "signature",
                          "no-signature",
                          "bytes",
                          "tail",
                          "type",
                          "cut",
                          "cluster")),
              Form.of("mute", "sends nothing").word("for", Kind.SPAN),
              Form.of("unmute", "sends again"),
              Form.of("crash", "stops").word("for", Kind.SPAN)),
          List.of(
              Form.of("forge", "changes fields, then signs with the traitor's own key")
                  .named("digest", DIGEST)
                  .named("slot", Kind.AMOUNT)
                  .named("view", Kind.AMOUNT)
                  .named("batch", Kind.BATCH)
                  .named("time", Kind.AMOUNT)
                  .named("timestamp", Kind.AMOUNT)
                  .named("stable", Kind.AMOUNT)
                  .named("executed", Kind.AMOUNT)
                  .named("tentative", Kind.AMOUNT)
                  .named("result", Kind.words("false", "missing", "random", "empty"))
                  .named("chunk", Kind.words("rotten", "huge", "foreign")),
              Form.of("censor", "leaves requests out of a batch")
                  .named("client", Kind.NUMBER)
                  .named("key", Kind.NAME),
              entry("add-prepared", "claims in P what never prepared"),
              entry("add-pre-prepared", "claims in Q what was never pre-prepared"),
              Form.of("stuff", "fills P and Q with inventions: so many for each slot of the window")
                  .named("times", Kind.NUMBER),
              Form.of("omit-prepared", "hides entries of P").bound("slot"),
              Form.of("omit-pre-prepared", "hides entries of Q").bound("slot"),
              Form.of("age-prepared", "lowers the views of P's entries"),
              Form.of("add-checkpoint", "claims in C a checkpoint that it lacks")
                  .named("slot", Kind.AMOUNT)
                  .named("digest", DIGEST),
              Form.of("omit-checkpoints", "hides C")),
          List.of(
              Form.of("omit-choice", "leaves the last choice out of a new-view"),
              Form.of("add-choice", "adds a choice to a new-view").named("digest", DIGEST),
              Form.of("swap-choice", "changes a new-view's last choice").named("digest", DIGEST),
              Form.of("thin-support", "names too few view-changes"),
              Form.of("twice-support", "names one view-change twice"),
              Form.of("foreign-support", "names a view-change that is none"),
              Form.of("stale-support", "names view-changes of an earlier view"),
              Form.of("send", "sends one more message, made up")
                  .takes("type", ANY_TYPE)
                  .named("slot", Kind.AMOUNT)
                  .named("view", Kind.AMOUNT)
                  .named("digest", DIGEST)
                  .named("batch", Kind.BATCH)
                  .named("times", Kind.NUMBER)
                  .flag("spoiled")
                  .flag("planned")
                  .needsWord("to", Kind.ACTORS),
              Form.of("request", "a client sends a request")
                  .takes("operation", Kind.OPERATION)
                  .named("timestamp", Kind.AMOUNT)
                  .named("session", Kind.NUMBER)
                  .named("client", Kind.NUMBER)
                  .named("bytes", Kind.number(1, 8_000_000))
                  .named("times", Kind.NUMBER)
                  .named(
                      "auth",
                      Kind.words(
                          "signature", "tree", "mac", "bad-signature", "bad-tree", "bad-mac"))
                  .word("good-for", Kind.ACTORS)
                  .needsWord("to", Kind.ACTORS)));

  private static final List<Form> INCIDENTS =
      List.of(
          lasting("isolate", "cuts replicas off, each by itself").takes("who", Kind.ACTORS),
          lasting("partition", "cuts replicas off from the rest, together")
              .takes("who", Kind.ACTORS),
          lasting("cut", "cuts one direction")
              .takes("who", Kind.ACTORS)
              .needsWord("to", Kind.ACTORS),
          between("lose", "loses a share of what is sent").takes("share", Kind.PERCENT),
          between("repeat", "delivers a share twice").takes("share", Kind.PERCENT),
          between("flip", "flips a bit in a share").takes("share", Kind.PERCENT),
          between("misdeliver", "delivers a share to somebody else").takes("share", Kind.PERCENT),
          between("slow", "adds to the latency").takes("time", Kind.SPAN),
          between("clog", "holds everything back, then delivers it at once"),
          lasting("flap", "cuts replicas off and on, each so long")
              .takes("who", Kind.ACTORS)
              .needs("period", Kind.SPAN),
          between("narrow", "links carry so many bytes a second")
              .takes("bytes", Kind.number(100, 1_000_000_000)),
          lasting("tie", "holds messages back until the receiver's timer is due, at that instant")
              .takes("type", ANY_TYPE)
              .needsWord("to", Kind.ACTORS)
              .word("before", Kind.TIMER)
              .word("after", Kind.TIMER)
              .named("nth", Kind.NUMBER),
          lasting("divide", "cuts replicas, with the second copy of a twin, off from the rest")
              .takes("who", Kind.ACTORS),
          Form.of("heal", "ends all network faults"),
          Form.of("pause", "replicas do nothing for so long, as in a long garbage collection")
              .takes("who", Kind.ACTORS)
              .needsWord("for", Kind.SPAN),
          Form.of("jump", "replicas' clocks jump forward")
              .takes("who", Kind.ACTORS)
              .needsWord("by", Kind.SPAN),
          lasting("crash", "kills replicas; after the time they start again")
              .takes("who", Kind.ACTORS)
              .flag("amnesiac")
              .flag("power"),
          Form.of("rot", "changes the state of replicas behind their back: they count as faulty")
              .takes("who", Kind.ACTORS),
          Form.of("reform", "traitors start again, honest and without their memory")
              .takes("who", Kind.ACTORS),
          lasting("slow-disk", "each write takes up to so much longer")
              .takes("who", Kind.ACTORS)
              .needsWord("by", Kind.SPAN),
          Form.of("lying-disk", "writes are acknowledged, not durable: the replicas are faulty")
              .takes("who", Kind.ACTORS)
              .flag("trusted"),
          Form.of("full-disk", "writes fail from now on: the replicas are faulty")
              .takes("who", Kind.ACTORS));

  private static final List<Form> EXPECTATIONS =
      List.of(
          claim("safe", "correct replicas agree, and execute what clients asked for, once"),
          claim("live", "all operations of correct clients complete").word("within", Kind.SPAN),
          claim("valid", "correct clients get right answers"),
          claim("linearizable", "what clients saw is one order"),
          claim("bounded", "memory stays within its bounds"),
          claim("agreed", "all running correct replicas end in one state"),
          claim("violated", "a control: safety must break, and the lab must see it"),
          claim("stalled", "a control: the operations do not complete, and need not"),
          claim("refused", "so many refusals by correct replicas")
              .takes("reason", Kind.REASON)
              .mayCompare(Kind.COMPARE)
              .word("from", Kind.ACTORS),
          claim("deferred", "so often something was put off or passed over")
              .takes("reason", Kind.REASON)
              .mayCompare(Kind.COMPARE)
              .word("from", Kind.ACTORS),
          claim("noticed", "so many observations of correct replicas")
              .takes("what", OBSERVATION)
              .mayCompare(Kind.COMPARE)
              .word("by", Kind.ACTORS),
          claim("repaired", "replicas whose state had gone wrong end in that of the others")
              .takes("who", Kind.ACTORS),
          claim("accused", "correct replicas together hold two contradicting messages of it")
              .takes("who", Kind.ACTORS),
          claim("view", "the highest view that a correct replica entered").mayCompare(Kind.COMPARE),
          claim("slot", "correct replicas that executed it executed the same, and some did")
              .takes("number", Kind.NUMBER)
              .takes("state", Kind.words("committed"))
              .takes("how", Kind.words("once")),
          claim("completed", "operations that completed").mayCompare(Kind.COMPARE),
          claim("recovery", "the longest that an operation of a correct client took")
              .mayCompare(Kind.COMPARE_SPAN),
          claim("primary", "another primary from then on")
              .needsWord("not", Kind.ACTORS)
              .word("within", Kind.SPAN),
          claim("throughput", "operations completed a second, against a run without traitors")
              .mayCompare(Kind.COMPARE_PERCENT)
              .needsWord("of", Kind.words("honest")));

  private static final List<Form> SETTINGS =
      List.of(
          Form.of("cluster", "the replicas")
              .named("n", Kind.number(3, 31))
              .named("f", Kind.number(1, 10))
              .named("checkpoint", Kind.number(1, 1000))
              .named("window", Kind.number(2, 10_000))
              .named("pipeline", Kind.number(1, 1000))
              .named("client-window", Kind.number(1, 10_000))
              .named("request-timeout", Kind.SPAN)
              .named("view-timeout", Kind.SPAN)
              .named("view-timeout-cap", Kind.SPAN)
              .named("status-interval", Kind.SPAN)
              .named("skew", Kind.SPAN)
              .named("batch-limit", Kind.number(1, 1000))
              .named("batch-bytes", Kind.number(64, 2_097_152))
              .named("value-bytes", Kind.number(1, 500_000))
              .named("log-bytes", Kind.number(0, 1_000_000_000))
              .named("auth", Kind.words("mac", "signature"))
              .named("requests", Kind.words("mac", "signature"))
              .named("service", Kind.words("registers", "guarded", "careless"))
              .named("twin", Kind.number(0, 30))
              .flag("disks")
              .flag("tentative"),
          Form.of("network", "latency and loss throughout")
              .named("latency", Kind.RANGE)
              .named("loss", Kind.PERCENT)
              .named("duplicate", Kind.PERCENT),
          workload(Form.of("client", "a correct client").takes("name", Kind.CLIENT)),
          workload(Form.of("clients", "correct clients").takes("count", Kind.number(1, 64))),
          Form.of("replay", "of a run that was found: the seed, and the defence that is down")
              .named("seed", Kind.number(0, 999_999_999_999_999_999L))
              .named("without", Kind.TEXT),
          Form.of("run", "how long at most").takes("time", Kind.SPAN));

  private Vocabulary() {}

  private static String[] types() {
    List<String> words = new ArrayList<>(List.of("anything"));
    words.addAll(Arrays.asList(Kind.spelled(MessageType.values())));
    return words.toArray(String[]::new);
  }

  private static Form message(String head, String help, String whom) {
    return Form.of(head, help)
        .takes("type", ANY_TYPE)
        .bound("slot")
        .bound("view")
        .bound("nth")
        .bound("requests")
        .named("client", Kind.NUMBER)
        .named("key", Kind.NAME)
        .named("odds", Kind.PERCENT)
        .word(whom, Kind.ACTORS)
        .word("as", Kind.words("primary", "backup"));
  }

  private static Form entry(String head, String help) {
    return Form.of(head, help)
        .named("slot", Kind.AMOUNT)
        .named("view", Kind.AMOUNT)
        .named("digest", DIGEST);
  }

  private static Form lasting(String head, String help) {
    return Form.of(head, help).word("for", Kind.SPAN);
  }

  private static Form between(String head, String help) {
    return lasting(head, help)
        .named("type", ANY_TYPE)
        .word("from", Kind.ACTORS)
        .word("to", Kind.ACTORS);
  }

  private static Form claim(String head, String help) {
    return Form.of(head, help).word("if", Kind.GUARD);
  }

  private static Form workload(Form form) {
    return form.flag("kv")
        .named("puts", Kind.number(1, 1_000_000))
        .named("mixed", Kind.PERCENT)
        .named("rate", Kind.RATE)
        .named("for", Kind.SPAN)
        .named("outstanding", Kind.number(1, 1000))
        .named("reads", Kind.words("ordered", "fast"));
  }

  @SafeVarargs
  private static <T> List<T> concat(List<T>... lists) {
    List<T> all = new ArrayList<>();
    for (List<T> list : lists) {
      all.addAll(list);
    }
    return List.copyOf(all);
  }

  static List<Form> forms(Place place) {
    return switch (place) {
      case TRIGGER -> TRIGGERS;
      case ACTION -> ACTIONS;
      case INCIDENT -> INCIDENTS;
      case EXPECTATION -> EXPECTATIONS;
      case SETTING -> SETTINGS;
    };
  }

  /** A message class as scenarios name its type: {@code PRE-PREPARE} of {@code PrePrepare}. */
  public static String typeName(Class<? extends Message> type) {
    String dashed = type.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-");
    String name = dashed.toUpperCase(Locale.ROOT);
    return name.equals("REQUEST-MESSAGE") ? "REQUEST" : name;
  }

  /** The form with the first word, or null. */
  static Form form(Place place, String head) {
    return forms(place).stream().filter(f -> f.head().equals(head)).findFirst().orElse(null);
  }

  /**
   * A phrase without parameters yet.
   *
   * @throws IllegalArgumentException if there is no such phrase
   */
  public static Phrase phrase(Place place, String head) {
    Form form = form(place, head);
    if (form == null) {
      throw new IllegalArgumentException("no " + place + " '" + head + "'");
    }
    return new Phrase(form, new TreeMap<>());
  }
}
