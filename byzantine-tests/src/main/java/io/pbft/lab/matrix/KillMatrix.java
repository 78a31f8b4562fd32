package io.pbft.lab.matrix;

import io.pbft.lab.catalogue.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * The recorded matrix, {@code matrix.tsv}: for each defence the attack that breaks something
 * without it and what that is, or why nothing does. {@link KillSearch} finds what is recorded here;
 * to play it again shows that it still holds. Thread safe.
 */
public final class KillMatrix {
  private static final String NOBODY = "-";
  private static final List<Row> ROWS = load();

  /**
   * A line of the matrix.
   *
   * @param attack the killer; null for a defence that survives
   * @param breaks the claim that fails without the defence; empty for one that survives
   * @param note why it survives, or what else is worth knowing; may be empty for others
   */
  public record Row(Weakness weakness, Attack attack, String breaks, String note) {
    public boolean hasKiller() {
      return attack != null;
    }

    /** Whether two defences are down, each of which is enough. */
    public boolean isPair() {
      return weakness.parts().size() > 1;
    }

    /** Plays the killer: what it breaks now, or null where it breaks nothing any more. */
    public Kill play() {
      return Kill.of(weakness, attack);
    }
  }

  private KillMatrix() {}

  private static List<Row> load() {
    List<Row> rows = new ArrayList<>();
    Resources.read("matrix/matrix.tsv")
        .lines()
        .filter(line -> !line.startsWith("#") && !line.isBlank())
        .forEach(line -> rows.add(row(line, line.split("\t", -1))));
    return List.copyOf(rows);
  }

  /** Columns: defence, attack, what breaks, note. */
  private static Row row(String line, String[] columns) {
    Weakness weakness = columns.length == 4 ? Weakness.named(columns[0]) : null;
    if (weakness == null) {
      throw new IllegalStateException("matrix.tsv: no row of the matrix: " + line);
    }
    Attack attack = columns[1].equals(NOBODY) ? null : Attack.parse(columns[1]);
    return new Row(weakness, attack, columns[2], columns[3]);
  }

  /** All rows, in the order of the file. */
  public static List<Row> rows() {
    return ROWS;
  }

  /** Defences that have neither a killer nor an explanation: each is a hole in the lab. */
  public static List<String> unaccounted() {
    TreeSet<String> accounted = new TreeSet<>();
    for (Row row : ROWS) {
      if (row.hasKiller() || !row.note().isBlank()) {
        accounted.add(row.weakness().name());
      }
    }
    return Weakness.all().stream().map(Weakness::name).filter(w -> !accounted.contains(w)).toList();
  }
}
