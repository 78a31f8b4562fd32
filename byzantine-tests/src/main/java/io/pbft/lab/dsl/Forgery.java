package io.pbft.lab.dsl;

import io.pbft.lab.scenario.Amount;
import io.pbft.lab.scenario.Operation;
import io.pbft.lab.scenario.Phrase;

/** Which fields of a message to change; the traitor signs the result with its own key. */
public final class Forgery {
  private final Phrase phrase;

  Forgery(Phrase phrase) {
    this.phrase = phrase;
  }

  Phrase phrase() {
    return phrase;
  }

  /** The digest: {@code random}, {@code zero}, {@code null} or {@code other}. */
  public Forgery digest(String which) {
    return new Forgery(phrase.with("digest", which));
  }

  public Forgery slot(Amount slot) {
    return new Forgery(phrase.with("slot", slot));
  }

  public Forgery view(Amount view) {
    return new Forgery(phrase.with("view", view));
  }

  /** A batch of one operation, which its client never asked for. */
  public Forgery batch(Operation operation) {
    return new Forgery(phrase.with("batch", operation));
  }

  /** The batch, changed as {@code .traitor} files name it: {@code later}, {@code twice} ... */
  public Forgery batch(String change) {
    return new Forgery(phrase.with("batch", change));
  }
}
