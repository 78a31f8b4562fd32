package io.pbft.bench.profile;

/**
 * A load: those of {@code bench/cluster}, one of long operations, one of a large state, and that of
 * {@code bench/run overload} without and with its greedy client.
 */
enum Case {
  ONE("one at a time", 1, 0, false),
  HUNDRED("100 in flight", 100, 0, false),
  FULL("2,000 in flight", 2_000, 0, false),
  KIB("1 KiB there and back, 400 in flight", 400, 1_024, false),
  LONG("64 KiB there and back, 64 in flight", 64, 64 * 1_024, false),
  STATE("puts of 1 KB over 300 MB, 400 in flight", 400, 1_000, 300),
  DURABLE("2,000 in flight, each vote on the disk", 2_000, 0, true),
  CROWD("2,000 in flight, of 20 clients", 20, 0),
  GREEDY("the same beside a client that has 20,000 in flight", 20, 20_000);

  private static final int PER_SESSION = 1_000;
  private static final int OF_A_CROWD = 2_000;

  private final String title;
  private final int inFlight;
  private final int bytes;
  private final boolean durable;
  private final int stateMegabytes;
  private final int clients;
  private final int rivalInFlight;

  Case(String title, int inFlight, int bytes, boolean durable) {
    this(title, inFlight, bytes, durable, 0, 1, 0);
  }

  Case(String title, int inFlight, int bytes, int stateMegabytes) {
    this(title, inFlight, bytes, false, stateMegabytes, 1, 0);
  }

  Case(String title, int clients, int rivalInFlight) {
    this(title, OF_A_CROWD, 0, false, 0, clients, rivalInFlight);
  }

  Case(
      String title,
      int inFlight,
      int bytes,
      boolean durable,
      int stateMegabytes,
      int clients,
      int rivalInFlight) {
    this.title = title;
    this.inFlight = inFlight;
    this.bytes = bytes;
    this.durable = durable;
    this.stateMegabytes = stateMegabytes;
    this.clients = clients;
    this.rivalInFlight = rivalInFlight;
  }

  String title() {
    return title;
  }

  int inFlight() {
    return inFlight;
  }

  int clients() {
    return clients;
  }

  /** Of each client, as few as {@code pbft bench} opens. */
  int sessions() {
    return sessions(inFlight / clients);
  }

  /** Operations in flight of a client in a process of its own, which is not measured; 0: none. */
  int rivalInFlight() {
    return rivalInFlight;
  }

  int rivalSessions() {
    return sessions(rivalInFlight);
  }

  private static int sessions(int inFlight) {
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
