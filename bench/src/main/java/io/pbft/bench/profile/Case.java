package io.pbft.bench.profile;

/** A load; those of {@code bench/cluster}, one of long operations, and one of a large state. */
enum Case {
  ONE("one at a time", 1, 0, false),
  HUNDRED("100 in flight", 100, 0, false),
  FULL("2,000 in flight", 2_000, 0, false),
  KIB("1 KiB there and back, 400 in flight", 400, 1_024, false),
  LONG("64 KiB there and back, 64 in flight", 64, 64 * 1_024, false),
  STATE("puts of 1 KB over 300 MB, 400 in flight", 400, 1_000, 300),
  DURABLE("2,000 in flight, each vote on the disk", 2_000, 0, true);

  private static final int PER_SESSION = 1_000;

  private final String title;
  private final int inFlight;
  private final int bytes;
  private final boolean durable;
  private final int stateMegabytes;

  Case(String title, int inFlight, int bytes, boolean durable) {
    this(title, inFlight, bytes, durable, 0);
  }

  Case(String title, int inFlight, int bytes, int stateMegabytes) {
    this(title, inFlight, bytes, false, stateMegabytes);
  }

  Case(String title, int inFlight, int bytes, boolean durable, int stateMegabytes) {
    this.title = title;
    this.inFlight = inFlight;
    this.bytes = bytes;
    this.durable = durable;
    this.stateMegabytes = stateMegabytes;
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

  /** Of an operation, and of its answer where it is not a put. */
  int bytes() {
    return bytes;
  }

  boolean isDurable() {
    return durable;
  }

  /** Of key-value state that all is put into; 0 for a service that does nothing. */
  int stateMegabytes() {
    return stateMegabytes;
  }

  /** Whether both are loads of a cluster of the same kind. */
  boolean isOfTheClusterOf(Case other) {
    return durable == other.durable && stateMegabytes == other.stateMegabytes;
  }
}
