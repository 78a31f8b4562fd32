package io.pbft.client.core;

/**
 * The results that replicas have to keep for a session, because it may ask for them again: those
 * from its lowest unanswered request on. They keep so many bytes and forget the oldest beyond,
 * which is the one that the session waits for. How long a result will be is not known before; it is
 * taken to be about as long as the longest of late.
 */
final class ReplyRoom {
  /** After some three times as many shorter results the longest before them counts no more. */
  private static final int MEMORY = 64;

  private final long keptBytes;
  private final int[] answered;
  private long answeredBytes;
  private long expected;

  ReplyRoom(long keptBytes, int window) {
    this.keptBytes = keptBytes;
    this.answered = new int[window];
  }

  /**
   * Whether the replies to one more will still be kept by who has to answer again.
   *
   * @param unanswered requests that have a timestamp and no answer
   */
  boolean allowsOneMore(int unanswered) {
    return unanswered == 0 || answeredBytes + (unanswered + 1) * expected <= keptBytes;
  }

  /** One is answered, and is kept as long as an earlier one is not. */
  void onAnswered(int slot, int bytes) {
    answered[slot] = bytes;
    answeredBytes += bytes;
    expected = bytes >= expected ? bytes : expected - (expected - bytes) / MEMORY;
  }

  /** All up to it are answered: replicas hear so with the next request. */
  void onAcknowledged(int slot) {
    answeredBytes -= answered[slot];
    answered[slot] = 0;
  }
}
