package io.pbft.lab.dsl;

import io.pbft.lab.scenario.Phrase;
import io.pbft.lab.scenario.Span;

/** What a correct client does. */
public final class Load {
  private final Phrase phrase;

  Load(Phrase phrase) {
    this.phrase = phrase;
  }

  Phrase phrase() {
    return phrase;
  }

  /** So many operations. */
  public Load puts(long operations) {
    return new Load(phrase.with("puts", operations));
  }

  /**
   * Reads, too.
   *
   * @param writes the share of writes, from 0 to 100
   */
  public Load mixed(int writes) {
    return new Load(phrase.with("mixed", writes));
  }

  /** Operations a second, whether the earlier ones are done or not. */
  public Load atRate(int perSecond) {
    return new Load(phrase.withRate("rate", perSecond));
  }

  /** As many operations as fit into the time. */
  public Load lasting(Span time) {
    return new Load(phrase.with("for", time));
  }

  /** Operations at a time. */
  public Load outstanding(long operations) {
    return new Load(phrase.with("outstanding", operations));
  }
}
