package io.pbft.core.normal;

/**
 * When a primary proposes another batch while some are in flight. A batch costs the same messages
 * however many requests it has, so under load a few big ones are cheaper than many small ones: it
 * waits until as much has gathered as is in flight, or, when many want something, several times as
 * much, which is next to waiting for what is in flight to be executed. It is asked when a request
 * comes and when a batch has been executed; what has waited long enough then goes whatever its
 * size, so that the pipeline fills where messages take long, and not the work.
 */
final class Gathering {
  /** After so many milliseconds the next request, or the end of a batch, sets free what waits. */
  static final long PATIENCE_MILLIS = 2;

  /** From so many requests on, in flight or waiting, it is {@link #BUSY_PATIENCE_MILLIS}. */
  static final int BUSY = 16;

  /** Requests come all the time then, so that nothing waits for much longer. */
  static final long BUSY_PATIENCE_MILLIS = 10;

  /** How many times as many must have gathered then as are in flight. */
  static final int BUSY_FACTOR = 8;

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
    boolean busy = requests >= BUSY;
    long wanted = busy ? BUSY_FACTOR * inFlight : inFlight;
    long patience = busy ? BUSY_PATIENCE_MILLIS : PATIENCE_MILLIS;
    boolean isOver = waits && now - waitsSince >= patience;
    boolean enough = requests - inFlight >= Math.min(wanted, batchRequests) || isOver;
    if (enough) {
      waits = false;
    } else if (!waits) {
      waits = true;
      waitsSince = now;
    }
    return enough;
  }
}
