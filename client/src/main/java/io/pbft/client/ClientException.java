package io.pbft.client;

import io.pbft.client.core.ClientFailure;

/** An operation has no result. */
public final class ClientException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ClientFailure failure;

  ClientException(ClientFailure failure) {
    super(failure.meaning());
    this.failure = failure;
  }

  public ClientFailure failure() {
    return failure;
  }
}
