package io.pbft.bench.sidebyside;

import io.microraft.model.log.LogEntry;
import io.microraft.model.log.RaftGroupMembersView;
import io.microraft.model.log.SnapshotChunk;
import io.microraft.model.persistence.RaftEndpointPersistentState;
import io.microraft.model.persistence.RaftTermPersistentState;
import io.microraft.persistence.RaftStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Raft's log in a file: what is persisted is written when it is flushed, in one piece, with a
 * checksum, and forced to the disk. As PBFT's journal it goes into a file that was allocated
 * before, so that forcing it changes no metadata; where the file ends it begins again, which a real
 * log may do with what a snapshot covers. There is no way to read it: nothing is restarted here.
 */
final class RaftLog implements RaftStore, AutoCloseable {
  private static final int FILE_BYTES = 64 << 20;
  private static final int FRAME_BYTES = Integer.BYTES + Integer.BYTES;
  private static final int ENTRY_BYTES = Long.BYTES + Integer.BYTES + Integer.BYTES;

  private final FileChannel file;
  private ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
  private long end;

  RaftLog(Path directory) throws IOException {
    Files.createDirectories(directory);
    file =
        FileChannel.open(
            directory.resolve("raft.log"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
    for (long at = 0; at < FILE_BYTES; at += zeros.capacity()) {
      file.write(zeros.clear(), at);
    }
    file.force(true);
    buffer.position(FRAME_BYTES);
  }

  private ByteBuffer room(int bytes) {
    if (buffer.remaining() < bytes) {
      ByteBuffer larger = ByteBuffer.allocateDirect(Math.max(bytes, buffer.capacity()) * 2);
      buffer = larger.put(buffer.flip());
    }
    return buffer;
  }

  @Override
  public void persistLogEntries(List<LogEntry> entries) {
    for (LogEntry each : entries) {
      byte[] operation = RaftCodec.operation(each);
      room(ENTRY_BYTES + operation.length)
          .putLong(each.getIndex())
          .putInt(each.getTerm())
          .putInt(operation.length)
          .put(operation);
    }
  }

  @Override
  public void flush() throws IOException {
    int body = buffer.position() - FRAME_BYTES;
    if (body == 0) {
      return;
    }
    buffer.flip();
    CRC32C crc = new CRC32C();
    crc.update(buffer.slice(FRAME_BYTES, body));
    buffer.putInt(0, body).putInt(Integer.BYTES, (int) crc.getValue());
    if (end + buffer.limit() > FILE_BYTES) {
      end = 0;
    }
    end += file.write(buffer, end);
    file.force(false);
    buffer.clear().position(FRAME_BYTES);
  }

  @Override
  public void persistAndFlushTerm(RaftTermPersistentState state) throws IOException {
    Object votedFor = state.getVotedFor() == null ? -1 : state.getVotedFor().getId();
    room(2 * Integer.BYTES).putInt(state.getTerm()).putInt((Integer) votedFor);
    flush();
  }

  @Override
  public void persistAndFlushLocalEndpoint(RaftEndpointPersistentState state) {
    // Comes from the command line at each start.
  }

  @Override
  public void persistAndFlushInitialGroupMembers(RaftGroupMembersView members) {
    // Comes from the command line at each start.
  }

  @Override
  public void persistSnapshotChunk(SnapshotChunk chunk) throws IOException {
    room(2 * Long.BYTES)
        .putLong(chunk.getIndex())
        .putLong(((Number) chunk.getOperation()).longValue());
    flush();
  }

  @Override
  public void truncateLogEntriesFrom(long index) {
    room(Long.BYTES).putLong(index);
  }

  @Override
  public void truncateLogEntriesUntil(long index) {
    room(Long.BYTES).putLong(index);
  }

  @Override
  public void deleteSnapshotChunks(long index, int count) {
    room(Long.BYTES).putLong(index);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
