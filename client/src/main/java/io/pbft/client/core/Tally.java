package io.pbft.client.core;

import io.pbft.core.message.Result;
import io.pbft.crypto.Digest;

/**
 * What each replica answered to one question: one vote a replica, its latest. Equal results are
 * kept once, and none beyond the budget: its digest still counts.
 */
final class Tally {
  private final Digest[] votes;
  private final Result[] results;
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
