package io.pbft.core.normal;

import io.pbft.crypto.Digest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The latest vote of each replica for one sequence number: at most one a replica, so that nobody is
 * counted twice and nobody can fill memory.
 */
public final class Votes {
  /** What became of a vote. */
  public enum Verdict {
    COUNTED,
    DUPLICATE,
    /** The same replica voted otherwise in the same view; its first vote stands. */
    CONFLICTING,
    /** The replica has voted in a later view already. */
    STALE
  }

  private static final long NONE = -1;

  private final long[] views;
  private final Digest[] digests;

  /** What some said a second time, in a build that counts that, too; null in any other. */
  private List<Ballot> again;

  private record Ballot(long view, Digest digest) {}

  Votes(int n) {
    views = new long[n];
    digests = new Digest[n];
    Arrays.fill(views, NONE);
  }

  Verdict record(int replica, long view, Digest digest) {
    if (views[replica] > view) {
      return Verdict.STALE;
    }
    if (views[replica] == view) {
      return digest.equals(digests[replica]) ? Verdict.DUPLICATE : Verdict.CONFLICTING;
    }
    views[replica] = view;
    digests[replica] = digest;
    return Verdict.COUNTED;
  }

  /** Counts what a replica that has voted says beyond its vote, as if another had said it. */
  void recordAgain(long view, Digest digest) {
    again = again == null ? new ArrayList<>() : again;
    again.add(new Ballot(view, digest));
  }

  /** Distinct replicas, other than {@code except}, that voted for the digest in the view. */
  int count(long view, Digest digest, int except) {
    int count = 0;
    for (int i = 0; i < views.length; i++) {
      if (i != except && views[i] == view && digest.equals(digests[i])) {
        count++;
      }
    }
    return again == null ? count : count + Collections.frequency(again, new Ballot(view, digest));
  }

  boolean has(int replica, long view) {
    return views[replica] == view;
  }
}
