package io.pbft.node;

import io.pbft.core.Observation;
import io.pbft.core.codec.Codec;
import io.pbft.core.driver.MemoryJournal;
import io.pbft.core.driver.MemorySnapshots;
import io.pbft.core.driver.ReplicaListener;
import io.pbft.core.spi.Journal;
import io.pbft.core.spi.Recovered;
import io.pbft.core.spi.SnapshotStore;
import io.pbft.storage.JournalCorruptException;
import io.pbft.storage.JournalRepair;
import io.pbft.storage.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** Where a replica keeps what it must not forget, and what it finds there of its earlier life. */
final class ReplicaMemory implements AutoCloseable {
  /** Hashes the snapshots of all replicas in this process that have no disk. */
  private static final Executor WORKER =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "pbft-snapshots");
            thread.setDaemon(true);
            return thread;
          });

  private final Journal journal;
  private final SnapshotStore snapshots;
  private final Recovered recovered;
  private final Storage.Opened opened;

  private ReplicaMemory(
      Journal journal, SnapshotStore snapshots, Recovered recovered, Storage.Opened opened) {
    this.journal = journal;
    this.snapshots = snapshots;
    this.recovered = recovered;
    this.opened = opened;
  }

  /**
   * Opens it.
   *
   * @param data the replica's directory, or null for one without files
   * @throws ConfigException if what is there must not be started from
   */
  static ReplicaMemory open(Durability durability, DataDirectory data, ClusterConfig config, int id)
      throws ConfigException {
    return durability == Durability.MEMORY
        ? withoutDisk(data)
        : onDisk(durability, data, config, id);
  }

  private static ReplicaMemory withoutDisk(DataDirectory data) throws ConfigException {
    if (data != null && data.hasJournal()) {
      throw new ConfigException(
          data.path()
              + ": holds a journal, and durability memory would ignore it; use sync or async, or"
              + " remove that directory");
    }
    boolean lived = data != null && data.hasLived();
    return new ReplicaMemory(
        new MemoryJournal(),
        new MemorySnapshots(WORKER),
        lived ? Recovered.amnesiac() : Recovered.first(),
        null);
  }

  private static ReplicaMemory onDisk(
      Durability durability, DataDirectory data, ClusterConfig config, int id)
      throws ConfigException {
    if (data == null) {
      throw new ConfigException(
          "durability "
              + durability.name().toLowerCase(Locale.ROOT)
              + ": needs a data directory; name one, or use memory");
    }
    Storage.Mode mode = durability == Durability.SYNC ? Storage.Mode.SYNC : Storage.Mode.ASYNC;
    try {
      if (data.hasLived() && !data.hasJournal()) {
        // An earlier life voted, and its votes are not here: this one must not contradict them.
        JournalRepair.forget(data.path());
      }
      Storage.Opened opened =
          Storage.open(
              data.path(),
              config.scope().clusterId(),
              id,
              new Codec(config.protocol().limits()),
              Storage.Options.of(mode),
              () -> {});
      return new ReplicaMemory(opened.journal(), opened.snapshots(), opened.recovered(), opened);
    } catch (JournalCorruptException e) {
      throw new ConfigException(e.getMessage(), e);
    } catch (IOException e) {
      throw new ConfigException(
          data.path() + ": the journal can't be opened (" + YamlFile.oneLine(e.toString()) + ")",
          e);
    }
  }

  Journal journal() {
    return journal;
  }

  SnapshotStore snapshots() {
    return snapshots;
  }

  Recovered recovered() {
    return recovered;
  }

  /** Remembers on disk that a replica which had lost its votes has caught up and votes again. */
  ReplicaListener listener() {
    if (opened == null || !opened.rejoining()) {
      return ReplicaListener.NONE;
    }
    return new ReplicaListener() {
      @Override
      public void onObservation(Observation observation) {
        if (observation instanceof Observation.VotingResumed) {
          try {
            opened.rejoined();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      }
    };
  }

  @Override
  public void close() throws IOException {
    if (opened != null) {
      opened.close();
    }
  }
}
