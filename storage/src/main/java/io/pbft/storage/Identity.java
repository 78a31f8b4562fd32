package io.pbft.storage;

import io.pbft.crypto.Digest;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** Whose file it is; written into each file's header. */
record Identity(Digest clusterId, int replica) {
  /** Bytes of the prefix that all file headers share. */
  static final int PREFIX_BYTES = 8 + 4 + 4 + Digest.LENGTH;

  private static final int SHOWN = 8;

  /** Writes {@code magic (8) | version (4) | replica (4) | cluster id (32)}. */
  void write(ByteBuffer header, long magic, int version) {
    header.putLong(magic).putInt(version).putInt(replica).put(clusterId.toBytes());
  }

  /**
   * Reads the prefix, refusing what is not of the kind or is newer than this program. The header's
   * last four bytes are the CRC32C of all before.
   */
  static Identity read(Path file, ByteBuffer header, long magic, int version)
      throws JournalCorruptException {
    if (header.remaining() < PREFIX_BYTES || header.getLong() != magic) {
      throw JournalCorruptException.damaged(
          file, 0, "expected the magic number of a " + kind(magic));
    }
    int found = header.getInt();
    if (found > version) {
      throw JournalCorruptException.foreign(
          file,
          8,
          "format version " + found + ", this program reads up to " + version,
          "run the newer program that wrote it");
    }
    int crcAt = header.limit() - 4;
    if (found < 1 || header.getInt(crcAt) != crc(header, crcAt)) {
      throw JournalCorruptException.damaged(
          file, 0, "the header's checksum does not match: expected a sound header");
    }
    int replica = header.getInt();
    byte[] cluster = new byte[Digest.LENGTH];
    header.get(cluster);
    return new Identity(Digest.fromBytes(cluster), replica);
  }

  private static String kind(long magic) {
    ByteBuffer bytes = ByteBuffer.allocate(8).putLong(0, magic);
    return new String(bytes.array(), java.nio.charset.StandardCharsets.US_ASCII);
  }

  /** Puts the checksum at the end of a header. */
  static void seal(ByteBuffer header) {
    int crcAt = header.limit() - 4;
    header.putInt(crcAt, crc(header, crcAt));
  }

  private static int crc(ByteBuffer header, int length) {
    CRC32C crc = new CRC32C();
    crc.update(header.slice(0, length));
    return (int) crc.getValue();
  }

  /** Refuses a file of another cluster or replica. */
  void requireSame(Path file, Identity found) throws JournalCorruptException {
    if (!found.clusterId.equals(clusterId)) {
      throw JournalCorruptException.foreign(
          file,
          16,
          "belongs to cluster "
              + found.clusterId.toHex().substring(0, SHOWN)
              + ", expected cluster "
              + clusterId.toHex().substring(0, SHOWN),
          "use that cluster's configuration, or another data directory");
    }
    if (found.replica != replica) {
      throw JournalCorruptException.foreign(
          file,
          12,
          "belongs to replica " + found.replica + ", expected replica " + replica,
          "start replica " + found.replica + ", or use another data directory");
    }
  }
}
