package io.pbft.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFilesTest {
  private final SigningKey key = SigningKey.generate(new SeededRandom(1));
  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void needsPosix() {
    assumeThat(directory.getFileSystem().supportedFileAttributeViews()).contains("posix");
    file = directory.resolve("replica-0.key");
  }

  @Test
  void aKeyComesBackFromItsFile() throws IOException {
    KeyFiles.write(file, key);
    SigningKey read = KeyFiles.read(file);
    assertThat(read.verifyingKey()).isEqualTo(key.verifyingKey());
    assertThat(read.sign(new byte[3])).isEqualTo(key.sign(new byte[3]));
  }

  /** RFC 8410, 10.3; the seed is that of its first example. */
  @Test
  void theFormatIsThatOfRfc8410() throws IOException {
    SigningKey example =
        SigningKey.fromSeed(
            Bytes.hex("d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842"));
    KeyFiles.write(file, example);
    assertThat(file)
        .hasContent(
            """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
            -----END PRIVATE KEY-----
            """);
  }

  @Test
  void onlyTheOwnerMayReadOrWriteIt() throws IOException {
    KeyFiles.write(file, key);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void neverOverwrites() throws IOException {
    KeyFiles.write(file, key);
    SigningKey other = SigningKey.generate(new SeededRandom(2));
    assertThatThrownBy(() -> KeyFiles.write(file, other))
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining("replica-0.key")
        .hasMessageContaining("already exists");
    assertThat(KeyFiles.read(file).verifyingKey()).isEqualTo(key.verifyingKey());
  }

  @Test
  void neverWritesThroughADanglingLink() throws IOException {
    Path target = directory.resolve("elsewhere");
    Files.createSymbolicLink(file, target);
    assertThatThrownBy(() -> KeyFiles.write(file, key)).isInstanceOf(KeyFileException.class);
    assertThat(target).doesNotExist();
  }

  @Test
  void saysWhenTheDirectoryIsMissing() {
    Path nowhere = directory.resolve("missing").resolve("a.key");
    assertThatThrownBy(() -> KeyFiles.write(nowhere, key))
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining("can't be written");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"rw-r-----", "rw--w----", "rw---x---", "rw----r--", "rw-----w-", "rw------x"})
  void refusesAFileThatOthersMayTouch(String permissions) throws IOException {
    KeyFiles.write(file, key);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    assertThatThrownBy(() -> KeyFiles.read(file))
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining("chmod 600 " + file)
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"r--------", "rw-------", "rwx------"})
  void acceptsWhatTheOwnerMayDo(String permissions) throws IOException {
    KeyFiles.write(file, key);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    assertThat(KeyFiles.read(file).verifyingKey()).isEqualTo(key.verifyingKey());
  }

  @Test
  void saysWhenThereIsNoFile() {
    assertThatThrownBy(() -> KeyFiles.read(file))
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("does not exist");
  }

  @Test
  void saysWhenItIsADirectory() {
    assertThatThrownBy(() -> KeyFiles.read(directory))
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining("not a regular file");
  }

  @Test
  void saysWhenItMayNotBeRead() throws IOException {
    KeyFiles.write(file, key);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("-w-------"));
    assumeThat(Files.isReadable(file)).as("running as root").isFalse();
    assertThatThrownBy(() -> KeyFiles.read(file))
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining("can't be read");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "SECRET",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY----------END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nSECRET!\n-----END PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\nU0VDUkVU\n-----END PRIVATE KEY-----\n",
        "-----BEGIN EC PRIVATE KEY-----\nU0VDUkVU\n-----END EC PRIVATE KEY-----\n",
        """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VvBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
            -----END PRIVATE KEY-----
            """,
        """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhCAA==
            -----END PRIVATE KEY-----
            """
      })
  void refusesOtherContentWithoutQuotingIt(String content) throws IOException {
    writeOwnerOnly(content);
    assertThatThrownBy(() -> KeyFiles.read(file))
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("PKCS#8")
        .hasMessageNotContaining("SECRET")
        .hasMessageNotContaining("U0VDUkVU")
        .hasMessageNotContaining("\n")
        .hasNoCause();
  }

  @Test
  void refusesAHugeFileWithoutReadingIt() throws IOException {
    writeOwnerOnly("A".repeat(1 << 20));
    assertThatThrownBy(() -> KeyFiles.read(file)).isInstanceOf(KeyFileException.class);
  }

  @Test
  void readsWindowsLineEnds() throws IOException {
    writeOwnerOnly(pem(key).replace("\n", "\r\n"));
    assertThat(KeyFiles.read(file).verifyingKey()).isEqualTo(key.verifyingKey());
  }

  @Test
  void opensslReadsOurs() throws Exception {
    KeyFiles.write(file, key);
    byte[] spki = openssl("pkey", "-in", file.toString(), "-pubout", "-outform", "DER");
    assertThat(spki).hasSize(44).endsWith(key.verifyingKey().toBytes());
  }

  @Test
  void weReadOpenssls() throws Exception {
    openssl("genpkey", "-algorithm", "ed25519", "-out", file.toString());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    byte[] spki = openssl("pkey", "-in", file.toString(), "-pubout", "-outform", "DER");
    assertThat(spki).endsWith(KeyFiles.read(file).verifyingKey().toBytes());
  }

  private byte[] openssl(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add("openssl");
    command.addAll(List.of(arguments));
    Path output = directory.resolve("openssl.out");
    int exit = -1;
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(output.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      exit = process.waitFor(30, TimeUnit.SECONDS) ? process.exitValue() : -1;
    } catch (IOException absent) {
      assumeThat(exit).as("openssl is not installed").isZero();
    }
    assertThat(exit).isZero();
    return Files.readAllBytes(output);
  }

  private void writeOwnerOnly(String content) throws IOException {
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, content, StandardCharsets.US_ASCII);
  }

  private static String pem(SigningKey key) {
    byte[] der = Bytes.concat(Bytes.hex("302e020100300506032b657004220420"), key.seed());
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getEncoder().encodeToString(der)
        + "\n-----END PRIVATE KEY-----\n";
  }
}
