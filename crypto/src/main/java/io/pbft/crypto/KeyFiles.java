package io.pbft.crypto;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;

/**
 * Private keys on disk: PKCS#8 for Ed25519 (RFC 8410) as PEM, not encrypted, readable by its owner
 * only. {@code openssl pkey -in FILE} reads it, and {@code openssl genpkey -algorithm ed25519}
 * makes one. Needs a file system with POSIX permissions.
 */
public final class KeyFiles {
  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";

  /**
   * SEQUENCE { INTEGER 0, SEQUENCE { OID 1.3.101.112 }, OCTET STRING { OCTET STRING (32) ... } }.
   */
  private static final byte[] DER_PREFIX =
      HexFormat.of().parseHex("302e020100300506032b657004220420");

  private static final int MAX_FILE_LENGTH = 4096;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> FOR_OTHERS =
      EnumSet.complementOf(
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));

  private KeyFiles() {}

  /**
   * Creates {@code file} with mode 0600 from the start, writes {@code key} into it and forces that
   * to disk. Never overwrites; a file that could not be written completely is removed.
   *
   * @throws KeyFileException if the file exists or can't be written
   */
  public static void write(Path file, SigningKey key) throws KeyFileException {
    byte[] pem = encode(key);
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
      writeFully(file, channel, pem);
    } catch (FileAlreadyExistsException e) {
      throw new KeyFileException(
          file + ": already exists, a key is never overwritten; name another file", e);
    } catch (IOException e) {
      throw new KeyFileException(
          file + ": can't be written; check the directory, its permissions and its free space", e);
    } catch (UnsupportedOperationException e) {
      throw noPosix(file);
    } finally {
      Arrays.fill(pem, (byte) 0);
    }
  }

  /**
   * Reads the key in {@code file}.
   *
   * @throws KeyFileException if the file is missing, unreadable, open to anyone but its owner, or
   *     not such a key
   */
  public static SigningKey read(Path file) throws KeyFileException {
    try {
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        throw new KeyFileException(file + ": is not a regular file; name the key file itself");
      }
      if (Files.getPosixFilePermissions(file).stream().anyMatch(FOR_OTHERS::contains)) {
        throw new KeyFileException(
            file + ": others than its owner have access to this private key; chmod 600 " + file);
      }
      return decode(file, readBounded(file));
    } catch (KeyFileException e) {
      throw e;
    } catch (NoSuchFileException e) {
      throw new KeyFileException(file + ": does not exist; create a key or correct the path", e);
    } catch (IOException e) {
      throw new KeyFileException(file + ": can't be read; check its owner and permissions", e);
    } catch (UnsupportedOperationException e) {
      throw noPosix(file);
    }
  }

  private static void writeFully(Path file, FileChannel channel, byte[] bytes) throws IOException {
    try {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  private static byte[] readBounded(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(MAX_FILE_LENGTH);
    }
  }

  private static byte[] encode(SigningKey key) {
    byte[] seed = key.seed();
    byte[] der = Arrays.copyOf(DER_PREFIX, DER_PREFIX.length + seed.length);
    System.arraycopy(seed, 0, der, DER_PREFIX.length, seed.length);
    byte[] base64 = Base64.getEncoder().encode(der);
    ByteBuffer pem = ByteBuffer.allocate(BEGIN.length() + base64.length + END.length() + 3);
    pem.put(ascii(BEGIN + "\n")).put(base64).put(ascii("\n" + END + "\n"));
    Arrays.fill(seed, (byte) 0);
    Arrays.fill(der, (byte) 0);
    Arrays.fill(base64, (byte) 0);
    return pem.array();
  }

  private static SigningKey decode(Path file, byte[] pem) throws KeyFileException {
    String text = new String(pem, StandardCharsets.ISO_8859_1).strip();
    Arrays.fill(pem, (byte) 0);
    if (!text.startsWith(BEGIN)
        || !text.endsWith(END)
        || text.length() < BEGIN.length() + END.length()) {
      throw malformed(file);
    }
    String body = text.substring(BEGIN.length(), text.length() - END.length());
    byte[] der;
    try {
      der = Base64.getDecoder().decode(body.replaceAll("[\r\n]", ""));
    } catch (IllegalArgumentException e) {
      // Not passed on: its message quotes a character of the key.
      throw malformed(file);
    }
    return fromDer(file, der);
  }

  private static SigningKey fromDer(Path file, byte[] der) throws KeyFileException {
    int prefix = DER_PREFIX.length;
    if (der.length != prefix + SigningKey.SEED_LENGTH
        || !Arrays.equals(der, 0, prefix, DER_PREFIX, 0, prefix)) {
      throw malformed(file);
    }
    byte[] seed = Arrays.copyOfRange(der, prefix, der.length);
    SigningKey key = SigningKey.fromSeed(seed);
    Arrays.fill(seed, (byte) 0);
    Arrays.fill(der, (byte) 0);
    return key;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static KeyFileException malformed(Path file) {
    return new KeyFileException(
        file
            + ": is not an unencrypted PKCS#8 Ed25519 key in PEM; restore it from a backup or create"
            + " a new key");
  }

  private static KeyFileException noPosix(Path file) {
    return new KeyFileException(
        file
            + ": its file system has no POSIX permissions to protect a key; move it to one that has");
  }
}
