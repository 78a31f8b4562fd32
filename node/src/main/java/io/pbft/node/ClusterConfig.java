package io.pbft.node;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.validation.AuthenticationMode;
import io.pbft.core.validation.ClusterScope;
import io.pbft.core.validation.KeyDirectory;
import io.pbft.crypto.Digest;
import io.pbft.crypto.HandshakeContext;
import io.pbft.crypto.Principal;
import io.pbft.crypto.SigningKey;
import io.pbft.crypto.VerifyingKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A cluster's configuration, parsed and checked: public data only, the same for every replica and
 * client. Immutable.
 */
public final class ClusterConfig {
  /** The name of the file in a cluster's directory. */
  public static final String FILE_NAME = "cluster.yaml";

  private final ClusterScope scope;
  private final AuthenticationMode authentication;
  private final String service;
  private final List<ReplicaInfo> replicas;
  private final List<ClientInfo> clients;
  private final ProtocolConfig protocol;
  private final Digest configurationDigest;
  private final Map<Integer, VerifyingKey> clientKeys = new HashMap<>();

  /** The parts are checked already: by {@link ClusterReader}, or made right. */
  ClusterConfig(
      ClusterScope scope,
      AuthenticationMode authentication,
      String service,
      List<ReplicaInfo> replicas,
      List<ClientInfo> clients,
      ProtocolConfig protocol) {
    this.scope = scope;
    this.authentication = authentication;
    this.service = service;
    this.replicas = List.copyOf(replicas);
    this.clients = List.copyOf(clients);
    this.protocol = protocol;
    this.configurationDigest = ConfigurationDigest.of(this);
    clients.forEach(client -> clientKeys.put(client.id(), client.key()));
  }

  /**
   * Reads and checks {@value #FILE_NAME}.
   *
   * @param directory the cluster's directory
   * @throws ConfigException if the file can't be read or anything in it is wrong
   */
  public static ClusterConfig load(Path directory) throws ConfigException {
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      throw new ConfigException(
          directory + ": is not a directory; name the one that holds " + FILE_NAME);
    }
    Path file = directory.resolve(FILE_NAME);
    return ClusterReader.read(file.toString(), YamlFile.read(file));
  }

  /**
   * Checks a configuration that is at hand as text.
   *
   * @param name how error messages name the text
   */
  public static ClusterConfig parse(String name, String yaml) throws ConfigException {
    return ClusterReader.read(name, YamlFile.parse(name, yaml));
  }

  /** The text of a {@value #FILE_NAME} that loads as this configuration. */
  public String toYaml() {
    return ClusterWriter.write(this);
  }

  public ProtocolConfig protocol() {
    return protocol;
  }

  public AuthenticationMode authentication() {
    return authentication;
  }

  public ClusterScope scope() {
    return scope;
  }

  /**
   * Covers every value of the configuration, defaults included, but not how the file is formatted.
   * Two sides of a link refuse each other when theirs differ.
   */
  public Digest configurationDigest() {
    return configurationDigest;
  }

  /** By id: replica {@code i} is at index {@code i}. */
  public List<ReplicaInfo> replicas() {
    return replicas;
  }

  /** Refuses an id that is none of the replicas'. */
  void requireReplica(int id) throws ConfigException {
    int n = replicas.size();
    if (id < 0 || id >= n) {
      throw new ConfigException(
          "replica " + id + ": there is none; the cluster has replicas 0 to " + (n - 1));
    }
  }

  /** Ascending by id. */
  public List<ClientInfo> clients() {
    return clients;
  }

  /** The name of the replicated service: a built-in one's, or the class name of a state machine. */
  public String service() {
    return service;
  }

  /** The public keys, by id. */
  public KeyDirectory keys() {
    return new KeyDirectory() {
      @Override
      public VerifyingKey replica(int id) {
        return id >= 0 && id < replicas.size() ? replicas.get(id).key() : null;
      }

      @Override
      public VerifyingKey client(int id) {
        return clientKeys.get(id);
      }
    };
  }

  /** What a member of this cluster brings to a handshake. */
  public HandshakeContext handshake(Principal self, SigningKey key) {
    KeyDirectory keys = keys();
    return new HandshakeContext(
        scope.clusterId().toBytes(),
        scope.epoch(),
        configurationDigest,
        self,
        key,
        peer ->
            peer.kind() == Principal.Kind.REPLICA
                ? keys.replica(peer.id())
                : keys.client(peer.id()));
  }

  /** Names the cluster, for people. */
  @Override
  public String toString() {
    return "cluster " + scope.clusterId() + " of " + replicas.size() + " replicas";
  }
}
