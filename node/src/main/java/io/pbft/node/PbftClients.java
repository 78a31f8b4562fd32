package io.pbft.node;

import io.pbft.client.PbftClient;
import io.pbft.client.core.ClientConfig;
import io.pbft.core.codec.Codec;
import io.pbft.core.validation.Gatekeeper;
import io.pbft.core.validation.RequestKeyring;
import io.pbft.core.validation.Sealer;
import io.pbft.crypto.HandshakeContext;
import io.pbft.crypto.Principal;
import io.pbft.crypto.SigningKey;
import io.pbft.crypto.VerifyingKey;
import io.pbft.net.EventLoopThread;
import java.nio.file.Path;

/**
 * Clients of a cluster. Making one does not wait for the cluster: operations wait until enough
 * replicas are connected.
 */
public final class PbftClients {
  private PbftClients() {}

  /**
   * The client whose key is in {@code client-ID/key.pem} of a cluster's directory.
   *
   * @throws ConfigException if the configuration or the key can't be used
   */
  public static PbftClient connect(Path clusterDirectory, int clientId) throws ConfigException {
    return builder(clusterDirectory, clientId).start();
  }

  /**
   * A client with a key at hand.
   *
   * @throws ConfigException if the key is not the one that the configuration names
   */
  public static PbftClient connect(ClusterConfig config, int clientId, SigningKey key)
      throws ConfigException {
    return builder(config, clientId, key).start();
  }

  /** Like {@link #connect(Path, int)}, on threads that it shares with others. */
  public static PbftClient connect(Path clusterDirectory, int clientId, ClientThreads threads)
      throws ConfigException {
    return builder(clusterDirectory, clientId, threads).start();
  }

  /** Like {@link #connect(Path, int)}, to be given a listener or threads before it starts. */
  public static PbftClient.Builder builder(Path clusterDirectory, int clientId)
      throws ConfigException {
    return load(clusterDirectory, clientId, null);
  }

  /** Like {@link #connect(Path, int, ClientThreads)}, not started yet. */
  public static PbftClient.Builder builder(
      Path clusterDirectory, int clientId, ClientThreads threads) throws ConfigException {
    return load(clusterDirectory, clientId, threads.next());
  }

  private static PbftClient.Builder load(
      Path clusterDirectory, int clientId, EventLoopThread thread) throws ConfigException {
    ClusterConfig config = ClusterConfig.load(clusterDirectory);
    VerifyingKey expected = publicKey(config, clientId);
    Path file = new ClusterLayout(clusterDirectory).clientKey(clientId);
    SigningKey key = ClusterLayout.readKey(file, "client " + clientId, expected);
    return build(config, clientId, key, thread);
  }

  /** Like {@link #connect(ClusterConfig, int, SigningKey)}, not started yet. */
  public static PbftClient.Builder builder(ClusterConfig config, int clientId, SigningKey key)
      throws ConfigException {
    checkKey(config, clientId, key);
    return build(config, clientId, key, null);
  }

  /** Like {@link #builder(ClusterConfig, int, SigningKey)}, on threads shared with others. */
  public static PbftClient.Builder builder(
      ClusterConfig config, int clientId, SigningKey key, ClientThreads threads)
      throws ConfigException {
    checkKey(config, clientId, key);
    return build(config, clientId, key, threads.next());
  }

  private static void checkKey(ClusterConfig config, int clientId, SigningKey key)
      throws ConfigException {
    String owner = "client " + clientId;
    ClusterLayout.checkKey(owner, key, owner, publicKey(config, clientId));
  }

  private static VerifyingKey publicKey(ClusterConfig config, int id) throws ConfigException {
    VerifyingKey key = config.keys().client(id);
    if (key == null) {
      throw new ConfigException(
          "client "
              + id
              + ": there is none; "
              + ClusterConfig.FILE_NAME
              + (config.clients().isEmpty()
                  ? " lists no clients, add one"
                  : " lists " + config.clients().size() + ", name one of them"));
    }
    return key;
  }

  private static PbftClient.Builder build(
      ClusterConfig config, int id, SigningKey key, EventLoopThread thread) {
    Codec codec = new Codec(config.protocol().limits());
    Principal self = Principal.client(id);
    HandshakeContext handshake = config.handshake(self, key);
    Gatekeeper gatekeeper =
        new Gatekeeper(
            self,
            codec,
            config.scope(),
            config.authentication(),
            config.protocol().clientSignatures(),
            config.keys(),
            new RequestKeyring());
    return PbftClient.builder(
        ClientConfig.of(id, 1, config.protocol()),
        new Sealer(codec, config.scope(), config.authentication(), key),
        gatekeeper,
        Links.client(config, handshake, thread),
        new SessionNumbers()::next);
  }
}
