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

  /** Of tentative votes, in which view and at which sequence number; 0 for others. */
  private final long[] views;

  private final long[] tentative;
  private final ByteBudget budget;
  private long bytes;

  Tally(int n, ByteBudget budget) {
    this.votes = new Digest[n];
    this.results = new Result[n];
    this.views = new long[n];
    this.tentative = new long[n];
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
    views[replica] = reply.isTentative() ? reply.view() : 0;
    tentative[replica] = reply.tentative();
  }

  /**
   * Whether the digest's votes prove it: {@code f+1} final ones; or a quorum, where those that are
   * tentative are of one view and sequence number, and so of one batch that every later view has
   * there (OSDI'99, section 5.1).
   */
  boolean isProven(Digest digest, Quorums quorums) {
    if (count(digest) < quorums.weak()) {
      return false;
    }
    int finals = count(digest, 0, Reply.FINAL);
    boolean proven = finals >= quorums.weak();
    for (int i = 0; i < votes.length && !proven; i++) {
      proven =
          tentative[i] != Reply.FINAL
              && digest.equals(votes[i])
              && finals + count(digest, views[i], tentative[i]) >= quorums.quorum();
    }
    return proven;
  }

  private int count(Digest digest, long view, long sequence) {
    int count = 0;
    for (int i = 0; i < votes.length; i++) {
      if (tentative[i] == sequence && views[i] == view && digest.equals(votes[i])) {
        count++;
      }
    }
    return count;
  }

  /** Whether the replica's vote may be taken back. */
  boolean isTentative(int replica) {
    return tentative[replica] != Reply.FINAL;
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
