package io.pbft.compare.generals;

/** {@code from} hands {@code to} a signed order. */
public record SignedMessage(int from, int to, SignedOrder signed) {}
