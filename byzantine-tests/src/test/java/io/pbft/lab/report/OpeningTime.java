package io.pbft.lab.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** How long a browser takes to open a page: {@code PAGE.html MOST-MILLIS MOST-BYTES}. */
final class OpeningTime {
  private static final int TIMES = 5;

  private OpeningTime() {}

  public static void main(String[] args) throws Exception {
    Path page = Path.of(args[0]).toAbsolutePath();
    Path binary = Browser.find();
    if (binary == null) {
      System.err.println("no chromium on the PATH");
      System.exit(2);
    }
    long bytes = Files.size(page);
    double slowest = measure(binary, page, bytes);
    System.exit(slowest <= Long.parseLong(args[1]) && bytes <= Long.parseLong(args[2]) ? 0 : 1);
  }

  private static double measure(Path binary, Path page, long bytes) throws Exception {
    double slowest = 0;
    try (Browser browser = Browser.start(binary)) {
      for (int i = 0; i < TIMES; i++) {
        double millis = open(browser, page);
        System.out.printf(Locale.ROOT, "opened in %.0f ms%n", millis);
        slowest = Math.max(slowest, millis);
      }
      System.out.printf(
          Locale.ROOT,
          "%s messages, %.1f MB, %s elements in the diagram; the slowest of %d took %.0f ms%n",
          browser.eval("String(report.data.m.sent.length)"),
          bytes / 1e6,
          browser.eval("String(document.querySelectorAll('#diagram *').length)"),
          TIMES,
          slowest);
    }
    return slowest;
  }

  /** From the navigation to the second frame after the page has loaded: everything is painted. */
  private static double open(Browser browser, Path page) {
    long began = System.nanoTime();
    browser.open(page, 1400, 1000, Browser.Look.LIGHT);
    browser.eval(
        "new Promise(function(done){requestAnimationFrame(function(){"
            + "requestAnimationFrame(function(){done('painted')})})})");
    return (System.nanoTime() - began) / 1e6;
  }
}
