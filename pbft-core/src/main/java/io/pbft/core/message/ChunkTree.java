package io.pbft.core.message;

import io.pbft.crypto.Digest;
import io.pbft.crypto.Hasher;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A state as a tree of chunks, each named by the digest of its bytes, so that the name of the
 * uppermost covers all: that is what a CHECKPOINT signs. Equal parts of two states have equal
 * names, however the states came about.
 *
 * <p>A chunk is one byte that tells what it is, and then: a leaf's content; an inner chunk's
 * children, 32 bytes each; a root's sequence number (8, big-endian) and two children, the replica's
 * own data and the application's state. Each kind has one encoding, and none passes for another.
 */
public final class ChunkTree {
  /** Bytes of content in a leaf, at most. */
  public static final int MAX_LEAF_BYTES = 1024 * 1024;

  /** Children of an inner chunk, at most. */
  public static final int MAX_CHILDREN = 1024;

  private static final String DOMAIN = "chunk";
  private static final byte LEAF = 0;
  private static final byte INNER = 1;
  private static final byte ROOT = 2;
  private static final int INNER_HEADER = 1;
  private static final int ROOT_HEADER = 1 + Long.BYTES;

  private ChunkTree() {}

  /** A chunk's name. */
  public static Digest digest(byte[] chunk) {
    return Hasher.domain(DOMAIN).putBytes(chunk).digest();
  }

  /**
   * The chunk of a leaf.
   *
   * @throws IllegalArgumentException if the content has more than {@link #MAX_LEAF_BYTES}
   */
  public static byte[] leaf(byte[] content) {
    if (content.length > MAX_LEAF_BYTES) {
      throw new IllegalArgumentException(
          "a leaf of the state has " + content.length + " bytes, more than " + MAX_LEAF_BYTES);
    }
    byte[] chunk = new byte[1 + content.length];
    chunk[0] = LEAF;
    System.arraycopy(content, 0, chunk, 1, content.length);
    return chunk;
  }

  /**
   * The chunk above others.
   *
   * @throws IllegalArgumentException unless there are 1 to {@link #MAX_CHILDREN}
   */
  public static byte[] inner(List<Digest> children) {
    if (children.isEmpty() || children.size() > MAX_CHILDREN) {
      throw new IllegalArgumentException(
          "an inner chunk has 1 to " + MAX_CHILDREN + " children, not " + children.size());
    }
    byte[] chunk = new byte[INNER_HEADER + children.size() * Digest.LENGTH];
    chunk[0] = INNER;
    for (int i = 0; i < children.size(); i++) {
      children.get(i).copyTo(chunk, INNER_HEADER + i * Digest.LENGTH);
    }
    return chunk;
  }

  /** The uppermost chunk of a checkpoint. */
  public static byte[] root(long sequence, Digest meta, Digest state) {
    byte[] chunk = new byte[ROOT_HEADER + 2 * Digest.LENGTH];
    ByteBuffer.wrap(chunk).put(ROOT).putLong(sequence);
    meta.copyTo(chunk, ROOT_HEADER);
    state.copyTo(chunk, ROOT_HEADER + Digest.LENGTH);
    return chunk;
  }

  /** Whether it is a leaf's. */
  public static boolean isLeaf(byte[] chunk) {
    return chunk.length > 0 && chunk[0] == LEAF;
  }

  /** The content of a leaf. */
  public static byte[] content(byte[] chunk) {
    if (!isLeaf(chunk)) {
      throw new IllegalArgumentException("not the chunk of a leaf");
    }
    return Arrays.copyOfRange(chunk, 1, chunk.length);
  }

  /**
   * The names of the chunks below; none for a leaf.
   *
   * @throws IllegalArgumentException if the bytes are no chunk, which no certified name stands for
   */
  public static List<Digest> children(byte[] chunk) {
    if (isLeaf(chunk)) {
      return List.of();
    }
    boolean root = chunk.length == ROOT_HEADER + 2 * Digest.LENGTH && chunk[0] == ROOT;
    boolean inner =
        chunk.length > INNER_HEADER
            && chunk[0] == INNER
            && (chunk.length - INNER_HEADER) % Digest.LENGTH == 0;
    if (!root && !inner) {
      throw new IllegalArgumentException("not a chunk of a state");
    }
    List<Digest> children = new ArrayList<>();
    for (int at = root ? ROOT_HEADER : INNER_HEADER; at < chunk.length; at += Digest.LENGTH) {
      children.add(Digest.fromBytes(chunk, at));
    }
    return children;
  }
}
