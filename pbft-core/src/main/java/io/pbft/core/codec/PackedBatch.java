package io.pbft.core.codec;

import io.pbft.core.message.Batch;
import io.pbft.crypto.Digest;

/**
 * A batch that is kept and hardly ever read, as its encoding: one array in place of seven objects a
 * request, which a collector would copy again and again.
 */
public final class PackedBatch {
  private final Digest digest;
  private final byte[] encoded;

  public PackedBatch(Batch batch) {
    this.digest = batch.digest();
    this.encoded = RequestCodec.encode(batch);
  }

  public Digest digest() {
    return digest;
  }

  /** Bytes that it takes, without the objects themselves. */
  public int size() {
    return encoded.length;
  }

  /**
   * The batch, made anew.
   *
   * @param limits those that the batch has met
   */
  public Batch unpack(Limits limits) {
    try {
      return RequestCodec.readBatch(new Reader(encoded, 0, encoded.length, limits));
    } catch (Refusal impossible) {
      throw new IllegalStateException("what was encoded here does not decode", impossible);
    }
  }
}
