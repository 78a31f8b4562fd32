package io.pbft.crypto;

import java.util.Comparator;
import java.util.Locale;
import java.util.Objects;

/**
 * Someone with a key: a replica or a client. Ordered by kind, then id.
 *
 * @param kind whether {@code id} counts replicas or clients
 * @param id at least 0, unique within its kind and cluster
 */
public record Principal(Kind kind, int id) implements Comparable<Principal> {
  private static final Comparator<Principal> ORDER =
      Comparator.comparing(Principal::kind).thenComparingInt(Principal::id);

  /** The two kinds of principals. */
  public enum Kind {
    REPLICA(1),
    CLIENT(2);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    /** The byte that stands for this kind on the wire and under MACs: 1 to 255, never reused. */
    int code() {
      return code;
    }

    /** The kind with that code, or null. */
    static Kind ofCode(int code) {
      return switch (code) {
        case 1 -> REPLICA;
        case 2 -> CLIENT;
        default -> null;
      };
    }
  }

  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException if {@code id} is negative
   */
  public Principal {
    Objects.requireNonNull(kind, "kind");
    if (id < 0) {
      throw new IllegalArgumentException("a principal's id is at least 0, not " + id);
    }
  }

  /** The replica with that id. */
  public static Principal replica(int id) {
    return new Principal(Kind.REPLICA, id);
  }

  /** The client with that id. */
  public static Principal client(int id) {
    return new Principal(Kind.CLIENT, id);
  }

  @Override
  public int compareTo(Principal other) {
    return ORDER.compare(this, other);
  }

  /** For people: {@code replica 3}, {@code client 7}. */
  @Override
  public String toString() {
    return kind.name().toLowerCase(Locale.ROOT) + " " + id;
  }
}
