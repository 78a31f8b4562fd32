package io.pbft.lab.dsl;

import io.pbft.core.message.Message;
import io.pbft.lab.scenario.Actors;
import io.pbft.lab.scenario.Comparison;
import io.pbft.lab.scenario.Phrase;
import io.pbft.lab.scenario.Vocabulary;
import io.pbft.lab.scenario.Vocabulary.Place;

/** A trigger. */
public final class When {
  private final Phrase phrase;

  When(Phrase phrase) {
    this.phrase = phrase;
  }

  static When message(String direction, Class<? extends Message> type) {
    return new When(
        Vocabulary.phrase(Place.TRIGGER, direction).with("type", Vocabulary.typeName(type)));
  }

  Phrase phrase() {
    return phrase;
  }

  public When slot(long slot) {
    return with("slot", Comparison.is(slot));
  }

  public When fromSlot(long slot) {
    return with("slot", Comparison.atLeast(slot));
  }

  public When view(long view) {
    return with("view", Comparison.is(view));
  }

  /** Only the nth time; copies of one message to several receivers count once. */
  public When nth(long count) {
    return with("nth", Comparison.is(count));
  }

  /** Only so often, at random. */
  public When odds(int percent) {
    return with("odds", percent);
  }

  public When to(Actors receivers) {
    return with("to", receivers);
  }

  public When from(Actors senders) {
    return with("from", senders);
  }

  /** Only while the traitor is the primary. */
  public When asPrimary() {
    return with("as", "primary");
  }

  private When with(String name, Object value) {
    return new When(phrase.with(name, value));
  }
}
