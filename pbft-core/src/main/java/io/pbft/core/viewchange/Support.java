package io.pbft.core.viewchange;

import io.pbft.core.message.Envelope;
import io.pbft.core.message.ViewChange;
import io.pbft.crypto.Digest;

/** A view-change message that is known to be its author's. */
record Support(ViewChange message, Envelope envelope) {
  Digest digest() {
    return envelope.digest();
  }

  long view() {
    return message.view();
  }
}
