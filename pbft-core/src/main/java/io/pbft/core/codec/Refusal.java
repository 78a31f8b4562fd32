package io.pbft.core.codec;

import io.pbft.core.message.Reason;

/**
 * Carries a reason out of nested decoding; has no stack trace, since hostile input must be cheap to
 * refuse.
 */
public final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  public Refusal(Reason reason) {
    super(reason.name(), null, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
