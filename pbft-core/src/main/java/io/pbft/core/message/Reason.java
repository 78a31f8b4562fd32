package io.pbft.core.message;

/**
 * Why something was refused (or put off). Tests assert on these codes, metrics count them and
 * reports print them.
 */
public enum Reason {
  // Link and encoding.
  FRAME_TOO_LARGE("a frame claims more bytes than the limit"),
  MALFORMED("bytes that are no message"),
  NON_CANONICAL("a second encoding of a message that has exactly one"),
  UNKNOWN_TYPE("a message type this version does not know"),
  UNEXPECTED_TYPE("a message type this sender has no business sending"),
  TOO_LARGE("a part exceeds its documented limit"),
  WRONG_CLUSTER("authenticated for another cluster"),
  CONFIG_MISMATCH("the peer runs another configuration"),
  PEER_THROTTLED("the peer asked for more than its budget"),
  // Authentication.
  BAD_AUTH("a MAC or signature that does not verify"),
  BAD_CLIENT_AUTH("a request whose client authentication does not verify here"),
  STALE_KEY("authenticated with a session key that has been replaced"),
  UNKNOWN_REPLICA("no such replica in this configuration"),
  UNKNOWN_CLIENT("no such client in this configuration"),
  WRONG_SENDER("the author named inside is not who sent it"),
  // Requests.
  STALE_REQUEST("a timestamp already executed, or a session that has expired"),
  DUPLICATE_REQUEST("the same request twice"),
  CLIENT_THROTTLED("beyond the client's window or its share of the room"),
  // Normal case.
  WRONG_VIEW("for a view this replica is not in"),
  NOT_PRIMARY("only the view's primary may send this"),
  PRIMARY_PREPARE("a prepare from the primary, whose pre-prepare stands for it"),
  OUT_OF_WINDOW("a sequence number outside the watermarks"),
  CONFLICTING_PREPREPARE("a second digest for one view and sequence number"),
  BAD_DIGEST("the digest is not that of the body"),
  DIGEST_MISMATCH("a vote for another digest than the accepted pre-prepare's"),
  CONFLICTING_VOTE("a second, different vote for one view and sequence number"),
  DUPLICATE_VOTE("a vote that was counted already"),
  BAD_NONDET("an agreed value outside its bounds"),
  // Checkpoints.
  CONFLICTING_CHECKPOINT("a second, different checkpoint for one sequence number"),
  // View change.
  VIEW_TOO_FAR("a view number beyond any plausible one"),
  CONFLICTING_VIEW_CHANGE("a second, different view-change for one view"),
  BAD_V_SET("the new-view's set of view-changes is not a valid one"),
  BAD_O_SET("the new-view's choices do not follow from its view-changes"),
  DUP_SIGNER("one author counted twice in a certificate"),
  // Catching up.
  NOT_ASKED_FOR("an answer to a question that was not asked"),
  BAD_BODY("a batch whose digest is not the one asked for"),
  BAD_CHUNK("a chunk that is not the one asked for by its digest"),
  // At a client.
  WRONG_REPLY("a result other than the one that f+1 replicas vouch for"),
  // Put off, not refused.
  LOG_FULL("a proposal that the log has no room for before its next checkpoint is stable"),
  UNVERIFIABLE_REQUEST("waits for f+1 replicas to vouch for a request that cannot be checked here"),
  FUTURE_VIEW("of a view this replica is on its way to");

  private final String meaning;

  Reason(String meaning) {
    this.meaning = meaning;
  }

  /** What the code says, in words, for reports. */
  public String meaning() {
    return meaning;
  }
}
