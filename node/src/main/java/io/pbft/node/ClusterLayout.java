package io.pbft.node;

import io.pbft.crypto.KeyFileException;
import io.pbft.crypto.KeyFiles;
import io.pbft.crypto.SigningKey;
import io.pbft.crypto.VerifyingKey;
import java.nio.file.Path;

/** Where things are in a cluster's directory. */
final class ClusterLayout {
  private static final String KEY_FILE = "key.pem";

  private final Path directory;

  ClusterLayout(Path directory) {
    this.directory = directory;
  }

  Path configFile() {
    return directory.resolve(ClusterConfig.FILE_NAME);
  }

  Path replicaDirectory(int id) {
    return directory.resolve("replica-" + id);
  }

  Path clientDirectory(int id) {
    return directory.resolve("client-" + id);
  }

  Path replicaKey(int id) {
    return replicaDirectory(id).resolve(KEY_FILE);
  }

  Path clientKey(int id) {
    return clientDirectory(id).resolve(KEY_FILE);
  }

  Path replicaData(int id) {
    return replicaDirectory(id).resolve("data");
  }

  /**
   * Reads a private key and checks that it is the one that the configuration names.
   *
   * @param owner "replica 2", for messages
   */
  static SigningKey readKey(Path file, String owner, VerifyingKey expected) throws ConfigException {
    SigningKey key;
    try {
      key = KeyFiles.read(file);
    } catch (KeyFileException e) {
      throw new ConfigException(e.getMessage(), e);
    }
    checkKey(file.toString(), key, owner, expected);
    return key;
  }

  static void checkKey(String source, SigningKey key, String owner, VerifyingKey expected)
      throws ConfigException {
    if (!key.verifyingKey().equals(expected)) {
      throw new ConfigException(
          source
              + ": is the key "
              + key.verifyingKey().fingerprint()
              + ", but "
              + ClusterConfig.FILE_NAME
              + " names "
              + expected.fingerprint()
              + " for "
              + owner
              + "; restore the right key file, or mend the public-key");
    }
  }
}
