package io.pbft.core.codec;

import io.pbft.core.message.Batch;

/** The encoding of a batch, for who keeps batches that are hardly ever read. */
public final class PackedBatch {
  private PackedBatch() {}

  /** As one array in place of seven objects a request. It may be the batch's own: not to change. */
  public static byte[] pack(Batch batch) {
    return RequestCodec.encode(batch);
  }

  /**
   * The batch, made anew.
   *
   * @param packed by {@link #pack}
   * @param limits those that the batch has met
   */
  public static Batch unpack(byte[] packed, Limits limits) {
    try {
      return RequestCodec.readBatch(new Reader(packed, 0, packed.length, limits));
    } catch (Refusal impossible) {
      throw new IllegalStateException("what was encoded here does not decode", impossible);
    }
  }
}
