package io.pbft.examples.kv;

/** The store refused an operation, in its own words; every correct replica says the same. */
public final class KvException extends RuntimeException {
  KvException(String message) {
    super(message);
  }
}
