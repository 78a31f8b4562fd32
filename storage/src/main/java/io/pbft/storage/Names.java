package io.pbft.storage;

import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is called how in a data directory. */
final class Names {
  static final String TEMPORARY = ".tmp";

  /** Directory of the segments. */
  static final String JOURNAL = "journal";

  /** Directory of the snapshots. */
  static final String SNAPSHOTS = "snapshots";

  /** In {@link #JOURNAL}: the number of the youngest segment. */
  static final String CURRENT = "current";

  /** There while the replica has forgotten what it voted for. */
  static final String FORGOTTEN = "forgotten";

  /** In {@link #SNAPSHOTS}: chunks of a state that is being fetched. */
  static final String FETCHED = "fetched";

  static final String LOCK = "lock";

  private static final Pattern SEGMENT = Pattern.compile("segment-([0-9]{12,18})");
  private static final Pattern SPARE = Pattern.compile("spare-([0-9]{12,18})");
  private static final Pattern SNAPSHOT = Pattern.compile("snapshot-([0-9]{19})-([0-9]{18})");

  private Names() {}

  static String segment(long index) {
    return String.format(Locale.ROOT, "segment-%012d", index);
  }

  static String spare(long index) {
    return String.format(Locale.ROOT, "spare-%012d", index);
  }

  static String snapshot(long sequence, long number) {
    return String.format(Locale.ROOT, "snapshot-%019d-%018d", sequence, number);
  }

  /** The number of a segment with the name, or -1. */
  static long segmentIndex(String name) {
    return number(SEGMENT, name);
  }

  static boolean isSpare(String name) {
    return number(SPARE, name) >= 0;
  }

  static boolean isSnapshot(String name) {
    return SNAPSHOT.matcher(name).matches();
  }

  static boolean isTemporary(String name) {
    return name.endsWith(TEMPORARY);
  }

  private static long number(Pattern pattern, String name) {
    Matcher matcher = pattern.matcher(name);
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
  }

  static Path journal(Path data) {
    return data.resolve(JOURNAL);
  }

  static Path snapshots(Path data) {
    return data.resolve(SNAPSHOTS);
  }
}
