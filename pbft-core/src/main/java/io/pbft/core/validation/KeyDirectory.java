package io.pbft.core.validation;

import io.pbft.crypto.VerifyingKey;

/** The public keys of the configuration; thread safe. */
public interface KeyDirectory {
  /** The replica's key, or null when there is no such replica. */
  VerifyingKey replica(int id);

  /** The client's key, or null when there is no such client. */
  VerifyingKey client(int id);
}
