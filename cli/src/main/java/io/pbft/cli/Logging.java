package io.pbft.cli;

/** Sets what logback.xml reads; to be called before anything logs. */
final class Logging {
  private static final String LEVEL = "pbft.log.level";

  private Logging() {}

  /** More of everything. */
  static void verbose() {
    System.setProperty(LEVEL, "DEBUG");
  }

  /** A long-running process tells what it does; unless asked for something else already. */
  static void service() {
    if (System.getProperty(LEVEL) == null) {
      System.setProperty(LEVEL, "INFO");
    }
  }
}
