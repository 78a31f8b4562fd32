package io.pbft.bench;

import picocli.CommandLine.Option;

/** How much key-value state to begin with. */
final class StateOptions {
  @Option(names = "--mb", description = "size of the state in MB (${DEFAULT-VALUE})")
  private int megabytes;

  @Option(names = "--value", description = "bytes of a value (${DEFAULT-VALUE})")
  private int valueBytes = 1000;

  StateOptions(int megabytes) {
    this.megabytes = megabytes;
  }

  int megabytes() {
    return megabytes;
  }

  int valueBytes() {
    return valueBytes;
  }

  Entries entries() {
    return new Entries(megabytes, valueBytes);
  }
}
