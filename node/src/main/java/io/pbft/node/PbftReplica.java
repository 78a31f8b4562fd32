package io.pbft.node;

import io.pbft.core.CoreStatus;
import io.pbft.core.ReplicaCore;
import io.pbft.core.codec.Codec;
import io.pbft.core.driver.DriverClock;
import io.pbft.core.driver.ReplicaDriver;
import io.pbft.core.driver.ReplicaListener;
import io.pbft.core.message.Reason;
import io.pbft.core.spi.StateMachine;
import io.pbft.core.validation.Gatekeeper;
import io.pbft.core.validation.RequestKeyring;
import io.pbft.core.validation.Sealer;
import io.pbft.crypto.Principal;
import io.pbft.crypto.SigningKey;
import io.pbft.net.NettyTransport;
import io.pbft.storage.RottenSnapshotException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * One running replica in this process.
 *
 * <pre>{@code
 * try (PbftReplica replica =
 *     PbftReplica.builder(Path.of("cluster"), 0).stateMachine(new Counter()).start()) {
 *   replica.stopped().join();
 * }
 * }</pre>
 *
 * <p>Thread safe.
 */
public final class PbftReplica implements AutoCloseable {
  private static final long STATUS_SECONDS = 10;

  private final int id;
  private final String host;
  private final NettyTransport transport;
  private final ReplicaDriver driver;
  private final CompletableFuture<Void> stopped;

  private PbftReplica(
      int id,
      String host,
      NettyTransport transport,
      ReplicaDriver driver,
      CompletableFuture<Void> stopped) {
    this.id = id;
    this.host = host;
    this.transport = transport;
    this.driver = driver;
    this.stopped = stopped;
  }

  /**
   * A replica of the cluster in a directory that `pbft init` has made: its key is in {@code
   * replica-ID/key.pem}, its data go to {@code replica-ID/data}, its service is the one that the
   * configuration names.
   */
  public static Builder builder(Path clusterDirectory, int id) {
    return new Builder(clusterDirectory, null, id, null);
  }

  /**
   * A replica without files. Unless it is given a {@link Builder#dataDirectory}, each start counts
   * as its first: it must not be started again in the same cluster, or it could contradict its own
   * votes.
   */
  public static Builder builder(ClusterConfig config, int id, SigningKey key) {
    return new Builder(null, config, id, key);
  }

  public int id() {
    return id;
  }

  /** The host it listens on. */
  public String host() {
    return host;
  }

  /** The TCP port it listens on. */
  public int port() {
    return transport.port();
  }

  /** Authenticated links to other replicas at the moment. */
  public int peersConnected() {
    return transport.replicasConnected();
  }

  /**
   * How the replica sees itself now. Waits for the owner thread, at most {@value #STATUS_SECONDS}
   * seconds.
   *
   * @throws java.util.concurrent.CompletionException if the replica has stopped, or is so busy that
   *     it did not answer in time
   */
  public CoreStatus status() {
    return driver.status().orTimeout(STATUS_SECONDS, TimeUnit.SECONDS).join();
  }

  /** How often each reason was given for refusing or putting off something, since the start. */
  public Map<Reason, Long> refusals() {
    return driver.refusals();
  }

  /**
   * Completes when the replica has stopped: normally after {@link #close}, exceptionally when it
   * stopped itself (see {@link ReplicaListener#onFailed}).
   */
  public CompletableFuture<Void> stopped() {
    return stopped.copy();
  }

  /** Stops the replica and waits until it has. */
  @Override
  public void close() {
    driver.close();
  }

  /** What to start; not thread safe. */
  public static final class Builder {
    private final Path clusterDirectory;
    private final ClusterConfig given;
    private final int id;
    private final SigningKey givenKey;
    private StateMachine machine;
    private Durability durability = Durability.MEMORY;
    private UnaryOperator<ReplicaCore> decorator = UnaryOperator.identity();
    private ReplicaListener listener = ReplicaListener.NONE;
    private Path dataDirectory;
    private String listenHost;

    private Builder(Path clusterDirectory, ClusterConfig config, int id, SigningKey key) {
      this.clusterDirectory = clusterDirectory;
      this.given = config;
      this.id = id;
      this.givenKey = key;
    }

    /** The replicated service; without it, the one that the configuration names. */
    public Builder stateMachine(StateMachine stateMachine) {
      this.machine = stateMachine;
      return this;
    }

    /** {@link Durability#MEMORY} unless set. */
    public Builder durability(Durability level) {
      this.durability = level;
      return this;
    }

    /** Puts something between the replica and its core: for tests of what traitors do. */
    public Builder decorate(UnaryOperator<ReplicaCore> wrapper) {
      this.decorator = wrapper;
      return this;
    }

    /** Hears what happens, besides the log. */
    public Builder listener(ReplicaListener replicaListener) {
      this.listener = replicaListener;
      return this;
    }

    /** Where the replica's own files go, in place of {@code replica-ID/data}. */
    public Builder dataDirectory(Path directory) {
      this.dataDirectory = directory;
      return this;
    }

    /** Listens on this host, such as {@code 0.0.0.0}, in place of the one others dial. */
    public Builder listenHost(String host) {
      this.listenHost = host;
      return this;
    }

    /**
     * Checks everything, then listens and starts.
     *
     * @throws ConfigException if the configuration, the key, the data directory or the port can't
     *     be used; nothing is left running
     */
    public PbftReplica start() throws ConfigException, IOException {
      ClusterConfig config = given == null ? ClusterConfig.load(clusterDirectory) : given;
      config.requireReplica(id);
      SigningKey key = key(config);
      StateMachine service = machine == null ? Services.create(config.service()) : machine;
      Path directory = dataDirectory;
      if (directory == null && clusterDirectory != null) {
        directory = new ClusterLayout(clusterDirectory).replicaData(id);
      }
      DataDirectory data = directory == null ? null : DataDirectory.open(directory, id);
      try {
        return launch(config, key, service, data);
      } catch (ConfigException | RuntimeException e) {
        if (data != null) {
          data.close();
        }
        if (e instanceof RottenSnapshotException) {
          throw new ConfigException(e.getMessage(), e);
        }
        throw e;
      }
    }

    private SigningKey key(ClusterConfig config) throws ConfigException {
      ReplicaInfo self = config.replicas().get(id);
      String owner = "replica " + id;
      if (givenKey == null) {
        Path file = new ClusterLayout(clusterDirectory).replicaKey(id);
        return ClusterLayout.readKey(file, owner, self.key());
      }
      ClusterLayout.checkKey(owner, givenKey, owner, self.key());
      return givenKey;
    }

    private PbftReplica launch(
        ClusterConfig config, SigningKey key, StateMachine service, DataDirectory data)
        throws ConfigException {
      ReplicaMemory memory = ReplicaMemory.open(durability, data, config, id);
      try {
        return launch(config, key, service, data, memory);
      } catch (ConfigException | RuntimeException e) {
        closeQuietly(memory, e);
        throw e;
      }
    }

    private static void closeQuietly(ReplicaMemory memory, Exception cause) {
      try {
        memory.close();
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
    }

    private PbftReplica launch(
        ClusterConfig config,
        SigningKey key,
        StateMachine service,
        DataDirectory data,
        ReplicaMemory memory)
        throws ConfigException {
      CompletableFuture<Void> stopped = new CompletableFuture<>();
      Ending ending = new Ending(data, memory, stopped);
      ReplicaDriver driver = driver(config, key, service, ending, memory);
      ReplicaInfo self = config.replicas().get(id);
      String host = listenHost == null ? self.host() : listenHost;
      NettyTransport transport = Links.replica(config, id, key, host, driver.transportListener());
      try {
        if (data != null) {
          data.markLived();
        }
        driver.start(transport, memory.recovered());
        awaitStart(ending);
      } catch (ConfigException | RuntimeException e) {
        transport.close();
        throw e;
      }
      return new PbftReplica(id, host, transport, driver, stopped);
    }

    /**
     * Until what an earlier life has left is put back: the replica serves from then on. What is
     * wrong with the disk is the operator's to know now; all else is told by {@link #stopped}.
     */
    private static void awaitStart(Ending ending) {
      Throwable failure = ending.started.handle((done, cause) -> cause).join();
      if (failure instanceof RottenSnapshotException rotten) {
        throw rotten;
      }
    }

    private ReplicaDriver driver(
        ClusterConfig config,
        SigningKey key,
        StateMachine service,
        Ending ending,
        ReplicaMemory memory) {
      Codec codec = new Codec(config.protocol().limits());
      Sealer sealer = new Sealer(codec, config.scope(), config.authentication(), key);
      RequestKeyring requestKeys = new RequestKeyring();
      Gatekeeper gatekeeper =
          new Gatekeeper(
              Principal.replica(id),
              codec,
              config.scope(),
              config.authentication(),
              config.protocol().clientSignatures(),
              config.keys(),
              requestKeys);
      ReplicaCore core = decorator.apply(Cores.create(id, config.protocol(), sealer));
      return new ReplicaDriver(
          new ReplicaDriver.Parts(
              id,
              config.protocol(),
              core,
              gatekeeper,
              requestKeys,
              sealer,
              service,
              memory.journal(),
              memory.snapshots(),
              new Listeners(ending, memory.listener(), new ReplicaLog(id), listener),
              DriverClock.SYSTEM));
    }
  }

  /** Gives the data directory back at the end, and only then tells. */
  private static final class Ending implements ReplicaListener {
    private final DataDirectory data;
    private final ReplicaMemory memory;
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final CompletableFuture<Void> stopped;

    Ending(DataDirectory data, ReplicaMemory memory, CompletableFuture<Void> stopped) {
      this.data = data;
      this.memory = memory;
      this.stopped = stopped;
    }

    @Override
    public void onStarted() {
      started.complete(null);
    }

    @Override
    public void onStopped() {
      end(null);
    }

    @Override
    public void onFailed(Throwable failure) {
      end(failure);
    }

    private void end(Throwable failure) {
      Throwable cause = failure;
      try {
        memory.close();
        if (data != null) {
          data.close();
        }
      } catch (IOException e) {
        cause = failure == null ? e : failure;
      }
      if (cause == null) {
        started.complete(null);
        stopped.complete(null);
      } else {
        started.completeExceptionally(cause);
        stopped.completeExceptionally(cause);
      }
    }
  }
}
