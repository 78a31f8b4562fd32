package io.pbft.core.normal;

/**
 * When a primary proposes another batch while some are in flight. A batch costs the same messages
 * however many requests it has, so under load a few big ones are cheaper than many small ones: it
 * waits until as much has gathered as is in flight. It is asked when a request comes and when a
 * batch has been executed; what has waited for {@link #PATIENCE_MILLIS} then goes whatever its
 * size, so that the pipeline fills where messages take long, and not the work.
 */
final class Gathering {
  /** After so many milliseconds the next request, or the end of a batch, sets free what waits. */
  static final long PATIENCE_MILLIS = 2;

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
   * @param requests that are not executed, those in flight included, and those left out that may
   *     not be proposed yet
   * @param inFlight those in batches that have been proposed and are not executed
   * @param now in milliseconds
   */
  boolean suffices(long requests, long inFlight, long now) {
    long gathered = requests - inFlight;
    boolean enough = gathered >= Math.min(inFlight, batchRequests) || isOver(now);
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
