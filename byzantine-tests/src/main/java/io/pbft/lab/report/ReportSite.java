package io.pbft.lab.report;

import io.pbft.core.validation.AuthenticationMode;
import io.pbft.lab.catalogue.Catalogue;
import io.pbft.lab.catalogue.Entry;
import io.pbft.lab.play.Played;
import io.pbft.lab.play.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The pages of the whole catalogue, at several sizes of cluster, and the index that leads to them.
 */
public final class ReportSite {
  /** Replicas of the clusters that the catalogue is played on. */
  public static final List<Integer> SIZES = List.of(4, 7);

  /**
   * One page, as the index shows it.
   *
   * @param file in the directory of the index
   */
  record Cell(String file, Played.Verdict verdict, Recovery recovery) {}

  private final Path directory;
  private final long seed;
  private final Map<String, Cell> cells = new TreeMap<>();

  private ReportSite(Path directory, long seed) {
    this.directory = directory;
    this.seed = seed;
  }

  /**
   * Plays every entry that can be played and writes {@code index.html} and a page for each.
   *
   * @param progress told the name of each page before it is made
   * @return how many runs had each verdict
   */
  public static Map<Played.Verdict, Integer> write(
      Path directory, List<Entry> entries, long seed, Consumer<String> progress)
      throws IOException {
    Files.createDirectories(directory);
    ReportSite site = new ReportSite(directory, seed);
    for (Entry entry : entries) {
      for (int n : SIZES) {
        if (entry.isPlayable()) {
          progress.accept(key(entry, n));
          site.page(entry, n);
        }
      }
    }
    String index = new IndexWriter(entries, site.cells, seed).html();
    Files.writeString(directory.resolve("index.html"), index);
    Map<Played.Verdict, Integer> verdicts = new TreeMap<>();
    site.cells.values().forEach(cell -> verdicts.merge(cell.verdict(), 1, Integer::sum));
    return verdicts;
  }

  static String key(Entry entry, int n) {
    return entry.id() + "-n" + n;
  }

  private void page(Entry entry, int n) throws IOException {
    String replay = "pbft lab play " + entry.id() + " --replicas " + n + " --seed " + seed;
    RunReport report =
        RunReport.of(
            Catalogue.scenario(entry, n, AuthenticationMode.MAC),
            seed,
            Service.registers(),
            replay);
    String file = key(entry, n) + ".html";
    report.write(directory.resolve(file));
    cells.put(key(entry, n), new Cell(file, report.played().verdict(), report.recovery()));
  }
}
