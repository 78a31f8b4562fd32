package io.pbft.core.message;

import io.pbft.crypto.Digest;

/**
 * A message as bytes: the canonical encoding of type, author and body, and a signature over them
 * (and over cluster id and epoch), empty where the link's MAC alone authenticates. Nothing in it is
 * believed yet.
 */
public final class Envelope {
  private static final byte[] UNSIGNED = new byte[0];

  private final byte[] content;
  private final byte[] signature;
  private Digest digest;

  public Envelope(byte[] content, byte[] signature) {
    this.content = content;
    this.signature = signature;
  }

  public static Envelope unsigned(byte[] content) {
    return new Envelope(content, UNSIGNED);
  }

  /** The encoded message; shared, not to be modified. */
  public byte[] content() {
    return content;
  }

  /** 64 bytes, or none; shared, not to be modified. */
  public byte[] signature() {
    return signature;
  }

  public boolean isSigned() {
    return signature.length > 0;
  }

  /**
   * Digest of the content, by which new-views name view-changes. Benign race: computed at most once
   * a thread.
   */
  public Digest digest() {
    Digest known = digest;
    if (known == null) {
      known = Digest.of(content);
      digest = known;
    }
    return known;
  }
}
