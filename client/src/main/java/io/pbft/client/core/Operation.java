package io.pbft.client.core;

import io.pbft.core.message.Request;
import java.util.BitSet;

/** One ordered operation: waiting for the window first, a request of the session then. */
final class Operation {
  final long opId;
  final Request.Kind kind;
  final byte[] bytes;

  /** Place in the queue, while it waits. */
  final long order;

  /** Nobody wants the answer any more. */
  boolean abandoned;

  /** Null while it waits for the window. The same in each transmission, and so is its digest. */
  Request request;

  Tally tally;
  int transmissions;

  /** Whether a transmission went to all: then backups know of it and watch the primary. */
  boolean broadcast;

  /** Sent to the primary believed in, over its present link if it has one. */
  boolean told;

  /** {@code f+1} vouch for a digest, and nobody has delivered the result. */
  boolean wantsFull;

  /** Who has executed it and keeps the result no more; what they said before of it still counts. */
  final BitSet forgotBy = new BitSet();

  /** Of its first transmission. */
  long sentAt;

  long dueAt;

  /** Who called itself busy since the last transmission. */
  final BitSet busy = new BitSet();

  boolean backedOff;

  Operation(long opId, Request.Kind kind, byte[] bytes, long order) {
    this.opId = opId;
    this.kind = kind;
    this.bytes = bytes;
    this.order = order;
  }
}
