package io.pbft.compare.generals;

/**
 * {@code path.last()} tells {@code to}: the order that came to me along the path is {@code order}.
 * It belongs to round {@code path.length()}.
 */
public record OralMessage(Path path, int to, Order order) {}
