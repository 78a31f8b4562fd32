package io.pbft.node;

import io.pbft.core.codec.Codec;
import io.pbft.storage.DirectoryLock;
import io.pbft.storage.JournalCorruptException;
import io.pbft.storage.JournalDump;
import io.pbft.storage.JournalRepair;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** What a stopped replica has on disk: to look at, and to repair. */
public final class ReplicaFiles {
  private final ClusterConfig config;
  private final int id;
  private final Path data;

  private ReplicaFiles(ClusterConfig config, int id, Path data) {
    this.config = config;
    this.id = id;
    this.data = data;
  }

  /**
   * The files of a replica in a cluster's directory.
   *
   * @throws ConfigException if the configuration can't be used or has no such replica
   */
  public static ReplicaFiles of(Path clusterDirectory, int id) throws ConfigException {
    ClusterConfig config = ClusterConfig.load(clusterDirectory);
    config.requireReplica(id);
    return new ReplicaFiles(config, id, new ClusterLayout(clusterDirectory).replicaData(id));
  }

  /** The data directory. */
  public Path data() {
    return data;
  }

  /** Whether the replica runs at the moment, in whatever process. */
  public boolean isRunning() throws IOException {
    return DirectoryLock.isHeld(data);
  }

  /** Whether there is anything of a journal. */
  public boolean hasJournal() throws ConfigException {
    return DataDirectory.hasJournal(data);
  }

  /** See {@link JournalDump#read}. */
  public void dump(Consumer<JournalDump.Line> out) throws IOException, JournalCorruptException {
    JournalDump.read(data, codec(), out);
  }

  /** What {@link #repair} would drop, and why. Changes nothing. */
  public JournalRepair.Plan plan() throws IOException {
    return JournalRepair.plan(data, config.scope().clusterId(), id, codec());
  }

  /**
   * See {@link JournalRepair#apply}.
   *
   * @return where the journal and the snapshots went
   */
  public Path repair() throws IOException {
    return JournalRepair.apply(data);
  }

  private Codec codec() {
    return new Codec(config.protocol().limits());
  }
}
