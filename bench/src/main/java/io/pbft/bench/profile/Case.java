package io.pbft.bench.profile;

/** A load; those of {@code bench/cluster}, and one of long operations. */
enum Case {
  ONE("one at a time", 1, 0, false),
  HUNDRED("100 in flight", 100, 0, false),
  FULL("2,000 in flight", 2_000, 0, false),
  KIB("1 KiB there and back, 400 in flight", 400, 1_024, false),
  LONG("64 KiB there and back, 64 in flight", 64, 64 * 1_024, false),
  DURABLE("2,000 in flight, each vote on the disk", 2_000, 0, true);

  private static final int PER_SESSION = 1_000;

  private final String title;
  private final int inFlight;
  private final int bytes;
  private final boolean durable;

  Case(String title, int inFlight, int bytes, boolean durable) {
    this.title = title;
    this.inFlight = inFlight;
    this.bytes = bytes;
    this.durable = durable;
  }

  String title() {
    return title;
  }

  int inFlight() {
    return inFlight;
  }

  /** As few as {@code pbft bench} opens. */
  int sessions() {
    return (inFlight + PER_SESSION - 1) / PER_SESSION;
  }

  /** Of an operation, and of its answer. */
  int bytes() {
    return bytes;
  }

  boolean isDurable() {
    return durable;
  }
}
