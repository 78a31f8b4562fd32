package io.pbft.crypto;

import java.util.Objects;
import java.util.function.Function;

/**
 * What one side brings to a handshake. Both sides must hold the same cluster, epoch and
 * configuration. Immutable, and thread safe if {@code directory} is.
 *
 * @param clusterId names the cluster, {@value #CLUSTER_ID_LENGTH} bytes, copied
 * @param epoch the number of the configuration
 * @param configurationDigest of the configuration that has this epoch
 * @param self who this side is
 * @param key this side's private key, whose public half the peer's directory gives for {@code self}
 * @param directory the public key of a principal, or null when it is unknown; must not throw
 */
public record HandshakeContext(
    byte[] clusterId,
    long epoch,
    Digest configurationDigest,
    Principal self,
    SigningKey key,
    Function<Principal, VerifyingKey> directory) {
  /** Bytes in a cluster's id. */
  public static final int CLUSTER_ID_LENGTH = 32;

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if {@code clusterId} is not exactly {@value
   *     #CLUSTER_ID_LENGTH} bytes
   */
  public HandshakeContext {
    if (clusterId.length != CLUSTER_ID_LENGTH) {
      throw new IllegalArgumentException("a cluster id has 32 bytes, not " + clusterId.length);
    }
    clusterId = clusterId.clone();
    Objects.requireNonNull(configurationDigest, "configurationDigest");
    Objects.requireNonNull(self, "self");
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(directory, "directory");
  }

  /** A copy. */
  @Override
  public byte[] clusterId() {
    return clusterId.clone();
  }
}
