package io.pbft.core.message;

import io.pbft.crypto.Digest;
import java.util.List;

/**
 * Asks for chunks of a checkpoint's state.
 *
 * @param sequence of the checkpoint, which the receiver keeps a while for the sender
 * @param ticket comes back with the answer
 * @param digests the chunks' names, at most {@link #MAX_DIGESTS}
 */
public record FetchChunks(long sequence, long ticket, List<Digest> digests, int replica)
    implements ReplicaMessage {
  /** Chunks that one message may ask for. */
  public static final int MAX_DIGESTS = 256;

  @Override
  public MessageType type() {
    return MessageType.FETCH_CHUNKS;
  }
}
