package io.pbft.storage;

import io.pbft.core.spi.LogRecord;
import io.pbft.crypto.Digest;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which records recovery still needs, and where they are. Above the floor: for each sequence number
 * and digest the pre-prepared of the highest view (Q of a view-change), for each sequence number
 * the prepared of the highest view (P) and the checkpoint taken; and the latest left view, entered
 * view and stable checkpoint. What a later record of the same kind replaces is garbage.
 *
 * <p>Not thread safe.
 */
final class LiveSet {
  private enum Kind {
    PRE_PREPARED,
    PREPARED,
    CHECKPOINTED,
    LEFT_VIEW,
    ENTERED_VIEW,
    STABLE
  }

  private record Key(Kind kind, long sequence, Digest digest) {
    static final Comparator<Key> ORDER =
        Comparator.comparing(Key::kind).thenComparingLong(Key::sequence).thenComparing(Key::digest);
  }

  private record Place(long rank, long position, long segment, int bytes) {}

  private final TreeMap<Key, Place> live = new TreeMap<>(Key.ORDER);
  private final Map<Long, Long> bytesBySegment = new HashMap<>();
  private long bytes;
  private long floor;

  /** A record has been written, or carried over, to a segment. */
  void put(Entry.Fact entry, long segment) {
    Key key = key(entry.fact());
    if (isBelow(key, floor)) {
      return;
    }
    long rank = rank(entry.fact());
    Place before = live.get(key);
    boolean carried = before != null && before.position() == entry.position();
    if (before != null && !carried && before.rank() > rank) {
      return;
    }
    if (before != null) {
      count(before, -1);
    }
    Place place = new Place(rank, entry.position(), segment, entry.bytes());
    live.put(key, place);
    count(place, 1);
  }

  /** Positions of the records that are needed from a segment. */
  Set<Long> positions(long segment) {
    Set<Long> positions = new HashSet<>();
    for (Place place : live.values()) {
      if (place.segment() == segment) {
        positions.add(place.position());
      }
    }
    return positions;
  }

  /** Votes at and below are no longer needed. */
  void raiseFloor(long sequence) {
    if (sequence <= floor) {
      return;
    }
    floor = sequence;
    live.entrySet()
        .removeIf(
            entry -> {
              boolean below = isBelow(entry.getKey(), sequence);
              if (below) {
                count(entry.getValue(), -1);
              }
              return below;
            });
  }

  boolean isAboveFloor(LogRecord fact) {
    return !isBelow(key(fact), floor);
  }

  long floor() {
    return floor;
  }

  /** Bytes of all that is needed. */
  long bytes() {
    return bytes;
  }

  /** Bytes of what is needed from a segment. */
  long bytes(long segment) {
    return bytesBySegment.getOrDefault(segment, 0L);
  }

  private void count(Place place, int sign) {
    long delta = sign * (long) (place.bytes() + Group.ENTRY_HEAD_BYTES);
    bytes += delta;
    bytesBySegment.merge(
        place.segment(),
        delta,
        (a, b) -> {
          long sum = a + b;
          return sum == 0 ? null : (Long) sum;
        });
  }

  private static boolean isBelow(Key key, long floor) {
    return switch (key.kind()) {
      case PRE_PREPARED, PREPARED -> key.sequence() <= floor;
      case CHECKPOINTED -> key.sequence() < floor;
      default -> false;
    };
  }

  private static Key key(LogRecord fact) {
    if (fact instanceof LogRecord.PrePrepared r) {
      return new Key(Kind.PRE_PREPARED, r.sequence(), r.batch().digest());
    } else if (fact instanceof LogRecord.Prepared r) {
      return new Key(Kind.PREPARED, r.sequence(), Digest.ZERO);
    } else if (fact instanceof LogRecord.Checkpointed r) {
      return new Key(Kind.CHECKPOINTED, r.sequence(), Digest.ZERO);
    } else if (fact instanceof LogRecord.LeftView) {
      return new Key(Kind.LEFT_VIEW, 0, Digest.ZERO);
    } else if (fact instanceof LogRecord.EnteredView) {
      return new Key(Kind.ENTERED_VIEW, 0, Digest.ZERO);
    }
    return new Key(Kind.STABLE, 0, Digest.ZERO);
  }

  private static long rank(LogRecord fact) {
    if (fact instanceof LogRecord.PrePrepared r) {
      return r.view();
    } else if (fact instanceof LogRecord.Prepared r) {
      return r.view();
    } else if (fact instanceof LogRecord.LeftView r) {
      return r.viewChange().view();
    } else if (fact instanceof LogRecord.EnteredView r) {
      return r.newView().view();
    } else if (fact instanceof LogRecord.Stable r) {
      return r.sequence();
    }
    return 0;
  }

  /** The sequence number that a record votes on or vouches for, or -1 for those of views. */
  static long sequence(LogRecord fact) {
    if (fact instanceof LogRecord.Stable r) {
      return r.sequence();
    }
    Key key = key(fact);
    return key.kind() == Kind.LEFT_VIEW || key.kind() == Kind.ENTERED_VIEW ? -1 : key.sequence();
  }
}
