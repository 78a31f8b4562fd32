package io.pbft.compare.generals;

/** What a traitor says with oral messages, instead of what a loyal general would say. */
@FunctionalInterface
public interface OralScript {
  /**
   * Called once for each message that a loyal general in the traitor's place would send.
   *
   * @return what is said instead, or null for nothing
   */
  Order say(OralMessage honest);
}
