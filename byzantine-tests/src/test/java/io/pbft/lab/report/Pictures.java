package io.pbft.lab.report;

import java.nio.file.Path;
import java.util.Locale;

/**
 * Takes pictures of parts of report pages: {@code PAGE.html SELECTOR WIDTH light|dark|print SCALE
 * OUT.png}, as often as wanted.
 */
final class Pictures {
  private static final int HEIGHT = 1000;
  private static final int ARGUMENTS = 6;

  private Pictures() {}

  private static Browser.Look look(String name) {
    return Browser.Look.valueOf(name.toUpperCase(Locale.ROOT));
  }

  public static void main(String[] args) throws Exception {
    Path binary = Browser.find();
    if (binary == null) {
      System.err.println("no chromium on the PATH");
      System.exit(2);
    }
    try (Browser browser = Browser.start(binary)) {
      for (int i = 0; i + ARGUMENTS <= args.length; i += ARGUMENTS) {
        Path page = Path.of(args[i]).toAbsolutePath();
        int width = Integer.parseInt(args[i + 2]);
        browser.open(page, width, HEIGHT, look(args[i + 3]));
        browser.picture(Path.of(args[i + 5]), args[i + 1], Double.parseDouble(args[i + 4]));
        System.out.println(args[i + 5]);
      }
      browser.errors().forEach(System.err::println);
    }
  }
}
