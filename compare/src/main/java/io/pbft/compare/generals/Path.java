package io.pbft.compare.generals;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Through whom an order has come: the commander first, its last sender last.
 *
 * @param generals at least one
 */
public record Path(List<Integer> generals) implements Comparable<Path> {
  /** What the commander himself says. */
  public static final Path COMMANDER = of(0);

  private static final Comparator<Path> ORDER =
      Comparator.comparingInt(Path::length).thenComparing(Path::toString);

  public Path {
    generals = List.copyOf(generals);
    if (generals.isEmpty()) {
      throw new IllegalArgumentException("a path has at least one general");
    }
  }

  public static Path of(Integer... generals) {
    return new Path(List.of(generals));
  }

  /** This path, and then {@code general}. */
  public Path plus(int general) {
    List<Integer> longer = new ArrayList<>(generals);
    longer.add(general);
    return new Path(longer);
  }

  /** All but the last sender; only of paths that are longer than one. */
  public Path before() {
    return new Path(generals.subList(0, generals.size() - 1));
  }

  public int length() {
    return generals.size();
  }

  public int last() {
    return generals.get(generals.size() - 1);
  }

  public boolean contains(int general) {
    return generals.contains(general);
  }

  /** Whether it begins with the commander and nobody is on it twice. */
  public boolean isLegal() {
    return generals.get(0) == 0 && generals.stream().distinct().count() == generals.size();
  }

  @Override
  public int compareTo(Path other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return generals.stream().map(String::valueOf).collect(Collectors.joining("."));
  }
}
