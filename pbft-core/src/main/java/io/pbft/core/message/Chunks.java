package io.pbft.core.message;

import java.util.List;

/**
 * Chunks that were asked for.
 *
 * @param ticket of the question
 * @param chunks in the question's order, an empty one where the sender lacks it; fewer than asked
 *     for where the rest did not fit
 */
public record Chunks(long ticket, List<byte[]> chunks, int replica) implements ReplicaMessage {
  @Override
  public MessageType type() {
    return MessageType.CHUNKS;
  }
}
