package io.pbft.lab.dsl;

import io.pbft.core.message.Message;
import io.pbft.lab.scenario.Actors;
import io.pbft.lab.scenario.Operation;
import io.pbft.lab.scenario.Phrase;
import io.pbft.lab.scenario.Span;
import io.pbft.lab.scenario.Vocabulary;
import io.pbft.lab.scenario.Vocabulary.Place;

/** The words that scenarios in Java are made of; import them statically. */
public final class Words {
  public static final Actors R0 = Actors.of("r0");
  public static final Actors R1 = Actors.of("r1");
  public static final Actors R2 = Actors.of("r2");
  public static final Actors R3 = Actors.of("r3");
  public static final Actors R4 = Actors.of("r4");
  public static final Actors R5 = Actors.of("r5");
  public static final Actors R6 = Actors.of("r6");

  private Words() {}

  public static Span millis(long millis) {
    return Span.millis(millis);
  }

  public static Span seconds(long seconds) {
    return Span.seconds(seconds);
  }

  /** The cluster's request timeout. */
  public static Span requestTimeout() {
    return Span.of(Span.Timer.REQUEST_TIMEOUT);
  }

  /** The cluster's view-change timeout. */
  public static Span viewTimeout() {
    return Span.of(Span.Timer.VIEW_TIMEOUT);
  }

  /** The primary of the view at that moment. */
  public static Actors primary() {
    return Actors.of("primary");
  }

  public static Actors nextPrimary() {
    return Actors.of("next-primary");
  }

  /** The correct replica with the highest number. */
  public static Actors victim() {
    return Actors.of("victim");
  }

  public static Actors everyone() {
    return Actors.of("everyone");
  }

  /** Replicas and clients by the words of {@code .traitor} files. */
  public static Actors actors(String... words) {
    return Actors.of(words);
  }

  /** The workload of the simulator's registers. */
  public static Load kv() {
    return new Load(Vocabulary.phrase(Place.SETTING, "clients").with("kv", true));
  }

  public static Operation put(String key, String value) {
    return Operation.put(key, value);
  }

  /** When a message of the type is about to leave, to each receiver. */
  public static When sending(Class<? extends Message> type) {
    return When.message("sending", type);
  }

  /** When a message of the type has arrived. */
  public static When receiving(Class<? extends Message> type) {
    return When.message("receiving", type);
  }

  /** When a replica observes something, as {@code .traitor} files name it. */
  public static When noticing(String what) {
    return new When(Vocabulary.phrase(Place.TRIGGER, "noticing").with("what", what));
  }

  /** So long after the start. */
  public static When at(Span time) {
    return new When(Vocabulary.phrase(Place.TRIGGER, "at").with("time", time));
  }

  static Phrase action(String head) {
    return Vocabulary.phrase(Place.ACTION, head);
  }

  static Phrase incident(String head) {
    return Vocabulary.phrase(Place.INCIDENT, head);
  }

  static Phrase claim(String head) {
    return Vocabulary.phrase(Place.EXPECTATION, head);
  }
}
