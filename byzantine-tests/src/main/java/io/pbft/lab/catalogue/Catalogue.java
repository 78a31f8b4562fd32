package io.pbft.lab.catalogue;

import io.pbft.core.validation.AuthenticationMode;
import io.pbft.lab.catalogue.Entry.Standing;
import io.pbft.lab.scenario.Phrase;
import io.pbft.lab.scenario.Scenario;
import io.pbft.lab.scenario.ScenarioText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * All attacks, by id. The list is {@code catalogue.tsv}; an entry is played from the scenario of
 * its id beside it. Thread safe.
 */
public final class Catalogue {
  private static final String FAMILIES = "PBAVKTRCWXNEZ";
  private static final List<String> FAMILY_NAMES =
      List.of(
          "primary",
          "backup",
          "authentication",
          "view change",
          "checkpoint",
          "state transfer",
          "reply",
          "client",
          "wire",
          "conspiracy",
          "network",
          "environment",
          "control");
  private static final List<Entry> ENTRIES = load();

  private Catalogue() {}

  private static List<Entry> load() {
    List<Entry> entries = new ArrayList<>();
    Resources.read("catalogue/catalogue.tsv")
        .lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(line -> entries.add(entry(line.split("\t", -1))));
    return List.copyOf(entries);
  }

  /** Columns: id, name, at stake, attack, expected by design, standing, reason. */
  private static Entry entry(String[] columns) {
    String id = columns[0];
    String family = FAMILY_NAMES.get(FAMILIES.indexOf(id.charAt(0)));
    String text = Resources.find(file(id));
    Standing standing =
        text == null
            ? Standing.valueOf(columns[5].toUpperCase(Locale.ROOT).replace('-', '_'))
            : Standing.PLAYABLE;
    String expected = text == null ? columns[4] : claims(ScenarioText.parse(text));
    String reason = text == null ? columns[6] : "";
    return new Entry(id, columns[1], family, columns[2], columns[3], expected, standing, reason);
  }

  private static String file(String id) {
    return "catalogue/" + id + ".traitor";
  }

  private static String claims(Scenario scenario) {
    return String.join(", ", scenario.expectations().stream().map(Phrase::toString).toList());
  }

  /** Every entry, those that cannot be played included. */
  public static List<Entry> entries() {
    return ENTRIES;
  }

  /** The entry, or null. */
  public static Entry find(String id) {
    String wanted = id.toUpperCase(Locale.ROOT);
    return ENTRIES.stream().filter(e -> e.id().equals(wanted)).findFirst().orElse(null);
  }

  /**
   * The scenario that plays an entry. Where replicas count on bearing more traitors than n does,
   * the control of too few replicas, that is one traitor more than so many replicas bear, and three
   * replicas for each.
   *
   * @throws IllegalArgumentException if it cannot be played; the message says why
   */
  public static Scenario scenario(Entry entry, int replicas, AuthenticationMode mode) {
    if (!entry.isPlayable()) {
      throw new IllegalArgumentException(
          entry.id() + " is not played: " + entry.standing().words() + ", " + entry.reason());
    }
    Scenario written = ScenarioText.parse(Resources.read(file(entry.id())));
    Phrase cluster = written.cluster().with("auth", mode.name().toLowerCase(Locale.ROOT));
    if (!cluster.has("f")) {
      return written.withCluster(cluster.with("n", (long) replicas));
    }
    long f = 1L + (replicas - 1) / 3;
    return written.withCluster(cluster.with("n", 3 * f).with("f", f));
  }
}
