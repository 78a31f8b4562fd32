package io.pbft.crypto;

import java.security.SecureRandom;
import java.util.SplittableRandom;

/** A SecureRandom that gives the same bytes in every run. */
final class SeededRandom extends SecureRandom {
  private final transient SplittableRandom source;

  SeededRandom(long seed) {
    this.source = new SplittableRandom(seed);
  }

  @Override
  public void nextBytes(byte[] bytes) {
    source.nextBytes(bytes);
  }

  byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    nextBytes(bytes);
    return bytes;
  }

  int below(int bound) {
    return source.nextInt(bound);
  }
}
