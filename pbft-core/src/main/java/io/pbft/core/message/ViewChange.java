package io.pbft.core.message;

import io.pbft.crypto.Digest;
import java.util.List;

/**
 * VIEW-CHANGE(v+1, h, C, P, Q, i) (TOCS, section 4.5). Always signed.
 *
 * @param view the view asked for
 * @param stable h, the sender's last stable checkpoint
 * @param checkpoints C: checkpoints held, ascending
 * @param prepared P: for each sequence number above h what last prepared here, ascending, one each
 * @param prePrepared Q: what was pre-prepared here, ascending by sequence number then digest, with
 *     the latest view for each digest
 */
public record ViewChange(
    long view,
    long stable,
    List<Held> checkpoints,
    List<Entry> prepared,
    List<Entry> prePrepared,
    int replica)
    implements ReplicaMessage {

  /** A checkpoint held: its sequence number and state digest. */
  public record Held(long sequence, Digest digest) {}

  /** A batch digest at a sequence number, and the view in which it (pre-)prepared. */
  public record Entry(long sequence, Digest digest, long view) {}

  public ViewChange {
    checkpoints = List.copyOf(checkpoints);
    prepared = List.copyOf(prepared);
    prePrepared = List.copyOf(prePrepared);
  }

  @Override
  public MessageType type() {
    return MessageType.VIEW_CHANGE;
  }
}
