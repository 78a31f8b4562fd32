package io.pbft.compare.generals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who says what to whom, entry by entry. As text: {@code 0>1=A,0>2=R,0.2>1=-}, where {@code 0.2>1}
 * is what general 2 tells general 1 about what general 0 told him; {@code A} attack, {@code R}
 * retreat, {@code -} nothing.
 */
public final class Table {
  /** A place in the table. */
  public record Entry(Path path, int to) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      int byPath = path.compareTo(other.path);
      return byPath != 0 ? byPath : Integer.compare(to, other.to);
    }

    @Override
    public String toString() {
      return path + ">" + to;
    }
  }

  private final TreeMap<Entry, Order> entries = new TreeMap<>();
  private final TreeMap<Entry, Boolean> present = new TreeMap<>();

  /**
   * @param order null for nothing
   */
  public Table put(Path path, int to, Order order) {
    Entry entry = new Entry(path, to);
    present.put(entry, true);
    if (order == null) {
      entries.remove(entry);
    } else {
      entries.put(entry, order);
    }
    return this;
  }

  /** Whether the table says anything there, if only that nothing is said. */
  public boolean has(Path path, int to) {
    return present.containsKey(new Entry(path, to));
  }

  /** What is said there; null for nothing. */
  public Order get(Path path, int to) {
    return entries.get(new Entry(path, to));
  }

  /** What is said, in order of the paths. */
  public Map<Entry, Order> entries() {
    return new TreeMap<>(entries);
  }

  /**
   * Checks that traitors of the campaign can say all that.
   *
   * @throws IllegalArgumentException if not; the message names an entry, and why
   */
  void requirePlayable(Campaign campaign) {
    for (Entry entry : present.keySet()) {
      Path path = entry.path();
      int n = campaign.generals();
      boolean known = entry.to() < n && path.generals().stream().allMatch(i -> i < n);
      require(known, entry, "there are only generals 0 to " + (n - 1));
      require(path.isLegal(), entry, "a path begins with 0 and has nobody twice");
      require(!path.contains(entry.to()), entry, "the receiver is on the path");
      require(
          path.length() <= campaign.m() + 1,
          entry,
          "there are only " + (campaign.m() + 1) + " rounds");
      require(
          campaign.isTraitor(path.last()),
          entry,
          "general " + path.last() + ", who sends it, is loyal");
    }
  }

  private static void require(boolean condition, Entry entry, String why) {
    if (!condition) {
      throw new IllegalArgumentException(
          "the table's entry " + entry + " cannot be played: " + why);
    }
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException if it isn't one; the message names the entry
   */
  public static Table parse(String text) {
    Table table = new Table();
    for (String entry : text.split(",", -1)) {
      if (!entry.strip().matches("\\d{1,3}(\\.\\d{1,3})*>\\d{1,3}=[ARar-]")) {
        throw new IllegalArgumentException(
            "'" + entry.strip() + "' is not an entry such as 0>1=A, 0.2>1=R or 0.2>1=-");
      }
      String[] sides = entry.strip().split("[>=]");
      List<Integer> path = new ArrayList<>();
      for (String general : sides[0].split("\\.")) {
        path.add(Integer.valueOf(general));
      }
      table.put(new Path(path), Integer.parseInt(sides[1]), order(sides[2]));
    }
    return table;
  }

  private static Order order(String letter) {
    return switch (letter) {
      case "A", "a" -> Order.ATTACK;
      case "R", "r" -> Order.RETREAT;
      default -> null;
    };
  }

  @Override
  public String toString() {
    List<String> all = new ArrayList<>();
    for (Entry entry : present.keySet()) {
      Order order = entries.get(entry);
      all.add(entry + "=" + (order == null ? "-" : order.name().substring(0, 1)));
    }
    return String.join(",", all);
  }
}
