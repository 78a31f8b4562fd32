package io.pbft.examples.kv;

/** Bytes that are no operation or result. The message depends on the bytes alone. */
public final class KvFormatException extends Exception {
  KvFormatException(String message) {
    super(message);
  }
}
