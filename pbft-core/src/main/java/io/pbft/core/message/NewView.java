package io.pbft.core.message;

import io.pbft.crypto.Digest;
import java.util.List;

/**
 * NEW-VIEW(v+1, V, X) (TOCS, section 4.5). Always signed.
 *
 * @param support V: the view-changes that the choices follow from, by author (ascending) and digest
 * @param start the sequence number of the start checkpoint
 * @param startDigest its state digest
 * @param choices X: the digest chosen for {@code start + 1 + k}; the null batch's where nothing
 *     prepared
 */
public record NewView(
    long view,
    List<Support> support,
    long start,
    Digest startDigest,
    List<Digest> choices,
    int replica)
    implements ReplicaMessage {

  /** One view-change message, named by its author and the digest of what was signed. */
  public record Support(int author, Digest digest) {}

  public NewView {
    support = List.copyOf(support);
    choices = List.copyOf(choices);
  }

  @Override
  public MessageType type() {
    return MessageType.NEW_VIEW;
  }
}
