package io.pbft.node;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.Quorums;
import io.pbft.core.validation.AuthenticationMode;
import io.pbft.core.validation.ClusterScope;
import io.pbft.crypto.Digest;
import io.pbft.crypto.KeyFiles;
import io.pbft.crypto.SigningKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes a new cluster: its configuration, and a private key for each member. */
public final class ClusterInit {
  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  /**
   * Longer than the simulator's: replicas that have just started, on a machine with other work, are
   * slow for a moment, and a view change then only adds to it.
   */
  private static final long REQUEST_TIMEOUT_MILLIS = 1_000;

  private static final long VIEW_CHANGE_TIMEOUT_MILLIS = 1_000;

  private static final int MAX_CLIENTS = 10_000;

  /**
   * What to make.
   *
   * @param replicas how many, from 4
   * @param clients how many, from 0
   * @param basePort the port of replica 0; further replicas on one host take the ports after it
   * @param hosts one for all replicas, or one for each
   * @param authentication of messages between replicas; with signatures, clients sign, too
   * @param service a built-in service's name or a state machine's class name
   */
  public record Options(
      int replicas,
      int clients,
      int basePort,
      List<String> hosts,
      AuthenticationMode authentication,
      String service) {
    public Options {
      hosts = List.copyOf(hosts);
    }

    /** Four replicas on this machine from port 7400, one client, MACs, the key-value store. */
    public static Options defaults() {
      return new Options(4, 1, 7400, List.of("127.0.0.1"), AuthenticationMode.MAC, "kv");
    }

    public Options withReplicas(int count) {
      return new Options(count, clients, basePort, hosts, authentication, service);
    }

    public Options withClients(int count) {
      return new Options(replicas, count, basePort, hosts, authentication, service);
    }

    public Options withBasePort(int port) {
      return new Options(replicas, clients, port, hosts, authentication, service);
    }

    public Options withHosts(List<String> names) {
      return new Options(replicas, clients, basePort, names, authentication, service);
    }

    public Options withAuthentication(AuthenticationMode mode) {
      return new Options(replicas, clients, basePort, hosts, mode, service);
    }

    public Options withService(String name) {
      return new Options(replicas, clients, basePort, hosts, authentication, name);
    }
  }

  private final Path directory;
  private final ClusterLayout layout;
  private final SecureRandom random = new SecureRandom();
  private final Deque<Path> created = new ArrayDeque<>();

  private ClusterInit(Path directory) {
    this.directory = directory;
    this.layout = new ClusterLayout(directory);
  }

  /**
   * Writes {@code cluster.yaml}, {@code replica-I/key.pem} and {@code client-C/key.pem} into the
   * directory, which is made if needed. Nothing is left behind when it fails.
   *
   * @throws ConfigException if an option is wrong, anything of a cluster is there already, or the
   *     directory can't be written
   */
  public static void create(Path directory, Options options) throws ConfigException {
    check(options);
    ClusterInit init = new ClusterInit(directory);
    try {
      init.write(options);
    } catch (ConfigException | IOException | RuntimeException e) {
      init.undo(e);
      if (e instanceof ConfigException known) {
        throw known;
      }
      if (e instanceof RuntimeException bug) {
        throw bug;
      }
      throw cannotWrite(directory, (IOException) e);
    }
  }

  private static void check(Options options) throws ConfigException {
    range("--replicas", options.replicas(), Quorums.MIN_REPLICAS, ClusterReader.MAX_REPLICAS);
    range("--clients", options.clients(), 0, MAX_CLIENTS);
    range("--base-port", options.basePort(), 1, 65535);
    int hosts = options.hosts().size();
    if (hosts != 1 && hosts != options.replicas()) {
      throw new ConfigException(
          "--host: is given " + hosts + " times; give one for all, or one for each replica");
    }
  }

  private static void range(String option, int value, int min, int max) throws ConfigException {
    if (value < min || value > max) {
      throw new ConfigException(
          option + ": is " + value + "; give a whole number from " + min + " to " + max);
    }
  }

  private void write(Options options) throws ConfigException, IOException {
    refuseExisting(options);
    makeDirectories(directory);
    byte[] clusterId = new byte[Digest.LENGTH];
    random.nextBytes(clusterId);
    List<ReplicaInfo> replicas = new ArrayList<>();
    Map<String, Integer> nextPort = new HashMap<>();
    for (int id = 0; id < options.replicas(); id++) {
      String host = options.hosts().get(options.hosts().size() == 1 ? 0 : id);
      int port = nextPort.merge(host, options.basePort(), (last, base) -> last + 1);
      SigningKey key = newKey(layout.replicaDirectory(id), layout.replicaKey(id));
      replicas.add(new ReplicaInfo(id, host, port, key.verifyingKey()));
    }
    List<ClientInfo> clients = new ArrayList<>();
    for (int id = 0; id < options.clients(); id++) {
      SigningKey key = newKey(layout.clientDirectory(id), layout.clientKey(id));
      clients.add(new ClientInfo(id, key.verifyingKey()));
    }
    ClusterConfig config =
        new ClusterConfig(
            new ClusterScope(Digest.fromBytes(clusterId), 0),
            options.authentication(),
            options.service(),
            replicas,
            clients,
            protocol(options));
    String yaml = config.toYaml();
    // Options such as a host are checked by the same rules as the file.
    ClusterConfig.parse(layout.configFile().toString(), yaml);
    Files.writeString(
        layout.configFile(), yaml, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
  }

  /** The defaults; with signatures clients sign, too, so that everything is a proof. */
  private static ProtocolConfig protocol(Options options) {
    return ProtocolConfig.of(options.replicas()).toBuilder()
        .requestTimeoutMillis(REQUEST_TIMEOUT_MILLIS)
        .viewChangeTimeoutMillis(VIEW_CHANGE_TIMEOUT_MILLIS)
        .clientSignatures(options.authentication() == AuthenticationMode.SIGNATURE)
        .build();
  }

  private void refuseExisting(Options options) throws ConfigException {
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      throw new ConfigException(directory + ": is not a directory; name another");
    }
    List<Path> wanted = new ArrayList<>();
    wanted.add(layout.configFile());
    for (int id = 0; id < options.replicas(); id++) {
      wanted.add(layout.replicaDirectory(id));
    }
    for (int id = 0; id < options.clients(); id++) {
      wanted.add(layout.clientDirectory(id));
    }
    for (Path path : wanted) {
      if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        throw new ConfigException(
            path + ": already exists, a cluster is never overwritten; name another directory");
      }
    }
  }

  private void makeDirectories(Path path) throws IOException {
    Path absolute = path.toAbsolutePath();
    if (Files.isDirectory(absolute)) {
      return;
    }
    makeDirectories(absolute.getParent());
    makeDirectory(absolute);
  }

  private void makeDirectory(Path path) throws IOException {
    Files.createDirectory(path, OWNER_ONLY);
    created.push(path);
  }

  private SigningKey newKey(Path home, Path file) throws IOException {
    makeDirectory(home);
    SigningKey key = SigningKey.generate(random);
    KeyFiles.write(file, key);
    created.push(file);
    return key;
  }

  /** Removes what was made, newest first, so that directories are empty by their turn. */
  private void undo(Exception failure) {
    for (Path path : created) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        failure.addSuppressed(new UncheckedIOException(e));
      }
    }
  }

  private static ConfigException cannotWrite(Path directory, IOException e) {
    String why = e instanceof FileAlreadyExistsException ? "already exists" : "can't be written";
    return new ConfigException(
        directory
            + ": "
            + YamlFile.oneLine(e.getMessage())
            + " "
            + why
            + "; check the path, its permissions and its free space",
        e);
  }
}
