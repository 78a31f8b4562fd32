package io.pbft.core.normal;

/**
 * When a primary proposes another batch while some are in flight. A batch costs the same messages
 * however many requests it has, so under load a few big ones are cheaper than many small ones: it
 * waits until what has gathered is a fair part of what is in flight. That is never long: what is in
 * flight ends, and after {@link #PATIENCE_MILLIS} it proposes what there is, so that where messages
 * take long, and not the work, the pipeline fills.
 */
final class Gathering {
  /** What a request waits at most for others, in milliseconds, while anything at all happens. */
  static final long PATIENCE_MILLIS = 2;

  /** What has gathered must be at least one in so many of those in flight. */
  private static final int PARTS = 2;

  private final int batchRequests;
  private boolean waits;
  private long waitsSince;

  /**
   * @param batchRequests the most that a batch can have
   */
  Gathering(int batchRequests) {
    this.batchRequests = batchRequests;
  }

  /**
   * Whether to propose now.
   *
   * @param requests that are not executed, those in flight included
   * @param inFlight those in batches that have been proposed and are not executed
   * @param now in milliseconds
   */
  boolean suffices(long requests, long inFlight, long now) {
    long gathered = requests - inFlight;
    boolean enough =
        inFlight == 0 || PARTS * gathered >= inFlight || gathered >= batchRequests || isOver(now);
    if (enough) {
      waits = false;
    } else if (!waits) {
      waits = true;
      waitsSince = now;
    }
    return enough;
  }

  private boolean isOver(long now) {
    return waits && now - waitsSince >= PATIENCE_MILLIS;
  }
}
