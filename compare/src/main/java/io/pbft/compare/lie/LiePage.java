package io.pbft.compare.lie;

import io.pbft.lab.play.Played;
import io.pbft.lab.play.Service;
import io.pbft.lab.report.RunReport;
import io.pbft.lab.scenario.ScenarioText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The lie to PBFT as a script of the lab, and the report of its run: who said what to whom, and who
 * refused it. The lab plays the production core only, so there is none of the other protocols.
 *
 * @param name of the script and of the page, without what follows the dot
 */
public record LiePage(String name) {
  private static final long SEED = 1;

  /** What the page is called. */
  public String file() {
    return name + ".html";
  }

  /** The lab's script. */
  public String script() {
    try (InputStream in = LiePage.class.getResourceAsStream(name + ".traitor")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Plays it, and writes script and page into a directory that is there. */
  public Played write(Path directory) throws IOException {
    String script = name + ".traitor";
    Files.writeString(directory.resolve(script), script());
    String replay = "pbft lab run " + script + " --seed " + SEED;
    RunReport report =
        RunReport.of(ScenarioText.parse(script()), SEED, Service.registers(), replay);
    report.write(directory.resolve(file()));
    return report.played();
  }
}
