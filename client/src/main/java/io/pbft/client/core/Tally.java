package io.pbft.client.core;

import io.pbft.core.Quorums;
import io.pbft.core.message.Reply;
import io.pbft.core.message.Result;
import io.pbft.crypto.Digest;

/**
 * What each replica answered to one question: one vote a replica, its latest. Equal results are
 * kept once, and none beyond the budget: its digest still counts.
 */
final class Tally {
  private final Digest[] votes;
  private final Result[] results;

  /** Of tentative votes, in which view and at which sequence number; null before the first. */
  private long[] views;

  private long[] tentative;
  private final ByteBudget budget;
  private long bytes;

  Tally(int n, ByteBudget budget) {
    this.votes = new Digest[n];
    this.results = new Result[n];
    this.budget = budget;
  }

  /**
   * Takes a replica's vote in place of its earlier one.
   *
   * @param result null when the replica sent only the digest; else it has this digest
   */
  void vote(int replica, Digest digest, Result result) {
    if (!digest.equals(votes[replica])) {
      forget(replica);
      votes[replica] = digest;
    }
    if (result != null && result(digest) == null && budget.take(result.bytes().length)) {
      bytes += result.bytes().length;
      results[replica] = result;
    }
  }

  /** Takes a replica's reply in place of its earlier one. */
  void vote(int replica, Reply reply) {
    vote(replica, reply.resultDigest(), reply.result());
    if (tentative == null && reply.isTentative()) {
      tentative = new long[votes.length];
      views = new long[votes.length];
    }
    if (tentative != null) {
      tentative[replica] = reply.tentative();
      views[replica] = reply.view();
    }
  }

  /**
   * Whether the digest's votes prove it: {@code f+1} final ones; or a quorum, where those that are
   * tentative are of one view and sequence number, and so of one batch that every later view has
   * there (OSDI'99, section 5.1).
   */
  boolean isProven(Digest digest, Quorums quorums) {
    if (tentative == null) {
      return count(digest) >= quorums.weak();
    }
    int finals = 0;
    for (int i = 0; i < votes.length; i++) {
      finals += digest.equals(votes[i]) && !isTentative(i) ? 1 : 0;
    }
    boolean proven = finals >= quorums.weak();
    for (int i = 0; i < votes.length && !proven; i++) {
      proven = isTentative(i) && finals + like(i, digest) >= quorums.quorum();
    }
    return proven;
  }

  /** Tentative votes for the digest, of the same view and sequence number as one replica's. */
  private int like(int replica, Digest digest) {
    int count = 0;
    for (int i = 0; i < votes.length; i++) {
      boolean same = tentative[i] == tentative[replica] && views[i] == views[replica];
      count += same && digest.equals(votes[i]) ? 1 : 0;
    }
    return count;
  }

  /** Whether the replica's vote may be taken back. */
  boolean isTentative(int replica) {
    return tentative != null && tentative[replica] != Reply.FINAL;
  }

  private void forget(int replica) {
    Result old = results[replica];
    if (old != null) {
      results[replica] = null;
      bytes -= old.bytes().length;
      budget.give(old.bytes().length);
    }
  }

  /** Replicas whose latest vote is for the digest. */
  int count(Digest digest) {
    int count = 0;
    for (Digest vote : votes) {
      if (digest.equals(vote)) {
        count++;
      }
    }
    return count;
  }

  /** The most votes that any digest has. */
  int highestCount() {
    int highest = 0;
    for (Digest vote : votes) {
      if (vote != null) {
        highest = Math.max(highest, count(vote));
      }
    }
    return highest;
  }

  /** A kept result with the digest, or null. */
  Result result(Digest digest) {
    for (Result result : results) {
      if (result != null && result.digest().equals(digest)) {
        return result;
      }
    }
    return null;
  }

  /** The replica's vote, or null. */
  Digest vote(int replica) {
    return votes[replica];
  }

  /** Gives back what it took of the budget; it is not used after. */
  void close() {
    budget.give(bytes);
    bytes = 0;
  }
}
