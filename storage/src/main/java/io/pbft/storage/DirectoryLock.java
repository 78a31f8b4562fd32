package io.pbft.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps a replica's data directory to one holder, in this process or another; ends with the process
 * at the latest. Thread safe.
 */
public final class DirectoryLock implements Closeable {
  /**
   * Directories held by this process. A second channel to a lock file must not even be opened: by
   * POSIX, closing it would give back the lock that the first one holds.
   */
  private static final Set<Path> HELD_HERE = new HashSet<>();

  private final Path directory;
  private final FileChannel channel;

  private DirectoryLock(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /**
   * Takes the lock of a directory, which must be there.
   *
   * @return empty when somebody has it
   */
  public static Optional<DirectoryLock> tryAcquire(Path directory) throws IOException {
    Path real = directory.toRealPath();
    synchronized (HELD_HERE) {
      if (HELD_HERE.contains(real)) {
        return Optional.empty();
      }
      FileChannel channel =
          FileChannel.open(
              real.resolve(Names.LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!lock(channel, false)) {
        return Optional.empty();
      }
      HELD_HERE.add(real);
      return Optional.of(new DirectoryLock(real, channel));
    }
  }

  /** Whether somebody has the lock at the moment; a directory that is not there is nobody's. */
  public static boolean isHeld(Path directory) throws IOException {
    if (!Files.exists(directory.resolve(Names.LOCK))) {
      return false;
    }
    Path real = directory.toRealPath();
    synchronized (HELD_HERE) {
      if (HELD_HERE.contains(real)) {
        return true;
      }
      // Shared, so that two who only look do not take each other for the holder.
      try (FileChannel channel =
          FileChannel.open(real.resolve(Names.LOCK), StandardOpenOption.READ)) {
        return !lock(channel, true);
      }
    }
  }

  /** Closes the channel when it can't have the lock. */
  private static boolean lock(FileChannel channel, boolean shared) throws IOException {
    FileLock lock = null;
    try {
      lock = channel.tryLock(0, Long.MAX_VALUE, shared);
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    return lock != null;
  }

  /** Gives the directory back. */
  @Override
  public void close() throws IOException {
    synchronized (HELD_HERE) {
      HELD_HERE.remove(directory);
      channel.close();
    }
  }
}
