package io.pbft.client.core;

import io.pbft.core.message.Result;
import io.pbft.crypto.Digest;

/**
 * Whether results have the digests that are said of them, without hashing what has been hashed:
 * correct replicas send the same, and services often answer the same to many.
 */
final class CheckedResults {
  private Result latest;

  /**
   * Whether {@code result} has the digest.
   *
   * @param known a result that has it, or null
   */
  boolean agrees(Result result, Digest digest, Result known) {
    if (result.equals(known)) {
      return true;
    }
    if (latest != null && latest.digest().equals(digest) && latest.equals(result)) {
      return true;
    }
    if (!result.digest().equals(digest)) {
      return false;
    }
    latest = result;
    return true;
  }
}
