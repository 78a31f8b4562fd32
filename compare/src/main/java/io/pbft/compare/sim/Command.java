package io.pbft.compare.sim;

/**
 * What a client asks for.
 *
 * @param client its number; -1 for an operation that does nothing
 * @param number of the client's operation, from 1
 */
public record Command(int client, long number) {
  /** Fills a place in the order that nobody wants. */
  public static final Command NOTHING = new Command(-1, 0);
}
