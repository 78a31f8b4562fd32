package io.pbft.node;

import io.pbft.storage.DirectoryLock;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

/** A replica's data directory, held by this process alone while it is open. */
final class DataDirectory implements AutoCloseable {
  private static final String LIVED = "lived";
  private static final String JOURNAL = "journal";

  private final Path directory;
  private final DirectoryLock lock;

  private DataDirectory(Path directory, DirectoryLock lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /**
   * Makes the directory if needed and locks it.
   *
   * @throws ConfigException if another process (or replica of this one) has it, or it can't be
   *     written
   */
  static DataDirectory open(Path directory, int replica) throws ConfigException {
    try {
      if (!Files.isDirectory(directory)) {
        Files.createDirectories(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      return lock(directory, replica);
    } catch (IOException e) {
      throw unusable(directory, e);
    }
  }

  private static DataDirectory lock(Path directory, int replica)
      throws IOException, ConfigException {
    DirectoryLock lock =
        DirectoryLock.tryAcquire(directory)
            .orElseThrow(
                () ->
                    new ConfigException(
                        directory
                            + ": replica "
                            + replica
                            + " is running already; stop that process, two of one id would count as"
                            + " a traitor"));
    return new DataDirectory(directory, lock);
  }

  Path path() {
    return directory;
  }

  /** Whether there is anything of a journal of an earlier life. */
  boolean hasJournal() throws ConfigException {
    return hasJournal(directory);
  }

  static boolean hasJournal(Path directory) throws ConfigException {
    Path journal = directory.resolve(JOURNAL);
    if (!Files.isDirectory(journal)) {
      return false;
    }
    try (Stream<Path> files = Files.list(journal)) {
      return files.findAny().isPresent();
    } catch (IOException e) {
      throw unusable(directory, e);
    }
  }

  /** Whether a replica has started here before. */
  boolean hasLived() {
    return Files.exists(directory.resolve(LIVED));
  }

  /** Remembers, durably, that a replica has started here: from now on it may vote. */
  void markLived() throws ConfigException {
    try (FileChannel marker =
        FileChannel.open(
            directory.resolve(LIVED), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      marker.force(true);
      try (FileChannel self = FileChannel.open(directory, StandardOpenOption.READ)) {
        self.force(true);
      }
    } catch (IOException e) {
      throw unusable(directory, e);
    }
  }

  /** Undoes {@link #markLived}: the replica's next start is its first. */
  void forget() throws ConfigException {
    try {
      Files.deleteIfExists(directory.resolve(LIVED));
    } catch (IOException e) {
      throw unusable(directory, e);
    }
  }

  private static ConfigException unusable(Path directory, IOException e) {
    return new ConfigException(
        directory
            + ": can't be used as data directory ("
            + YamlFile.oneLine(e.toString())
            + "); check its owner, permissions and free space",
        e);
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
