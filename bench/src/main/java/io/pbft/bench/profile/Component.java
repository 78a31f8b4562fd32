package io.pbft.bench.profile;

/** What processor time is spent on, in the order of the table's rows. */
enum Component {
  KERNEL_TRANSPORT("transport: the kernel (sending, receiving, waiting for the network)"),
  TRANSPORT("transport: Netty, NIO, frames"),
  CODEC("codec"),
  MAC("MAC"),
  DIGEST("digest"),
  SIGNATURES("signatures"),
  VALIDATION("validation (the door, sealing)"),
  PROTOCOL("protocol (the core)"),
  DRIVER("driver, node"),
  EXECUTION("execution (client table, service, state)"),
  JOURNAL("journal, snapshots"),
  KERNEL_JOURNAL("journal: the kernel"),
  CLIENT("client (matching, sessions)"),
  LOAD("load generator"),
  KERNEL_OTHER("the kernel otherwise (threads that wait and wake)"),
  COLLECTOR("JVM: collector"),
  COMPILERS("JVM: compilers"),
  JVM("JVM: the rest"),
  OTHER("other");

  private final String title;

  Component(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }
}
