package io.pbft.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.pbft.crypto.Principal;
import io.pbft.crypto.SealingChannel;
import io.pbft.crypto.Session;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The sending half of an authenticated connection: a queue that any thread fills and the event loop
 * empties, packing many small payloads into one buffer. What has left the queue waits in Netty up
 * to its high-water mark and one frame.
 */
final class Link {
  /** What a payload costs in a queue beyond its own bytes. */
  static final int PAYLOAD_OVERHEAD = 64;

  /** Bytes before each payload in a frame: its length. */
  static final int PREFIX = Integer.BYTES;

  /** Bytes of a frame with one payload beyond that payload and the frame's length field. */
  static final int OVERHEAD = PREFIX + SealingChannel.OVERHEAD;

  private static final int PACKED_BYTES = 32 * 1024;
  private static final byte[] HEARTBEAT = {};

  private final Session session;
  private final Connection connection;
  private final Channel channel;
  private final Reports reports;
  private final int longestPayload;
  private final AtomicLong queuedBytes;
  private final long queueLimit;
  private final int packedBytes;
  private final Queue<byte[]> queue = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean awaitsDrain = new AtomicBoolean();
  private volatile boolean closed;

  // The event loop's.
  private final Packing packing;
  private long buffersWritten;
  private long buffersWrittenBefore;
  private long progressAt;
  private long payloadAt;

  /**
   * A link with an empty queue.
   *
   * @param longestPayload that the peer takes
   * @param queuedBytes what waits, perhaps shared with other links
   * @param queueLimit the most that {@code queuedBytes} may be
   * @param packing shared by the event loop's links
   * @param now by the hub's clock
   */
  Link(
      Session session,
      Connection connection,
      Reports reports,
      int longestPayload,
      AtomicLong queuedBytes,
      long queueLimit,
      Packing packing,
      long now) {
    this.session = session;
    this.connection = connection;
    this.channel = connection.channel();
    this.reports = reports;
    this.longestPayload = longestPayload;
    this.packedBytes = Math.min(PACKED_BYTES, PREFIX + longestPayload);
    this.queuedBytes = queuedBytes;
    this.queueLimit = queueLimit;
    this.packing = packing;
    this.progressAt = now;
    this.payloadAt = now;
  }

  /** Room for the frame that is being made, shared by the event loop's links. */
  static final class Packing {
    private final byte[] payloads = new byte[PACKED_BYTES];
    private final byte[] frame =
        new byte[FrameReader.HEADER + PACKED_BYTES + SealingChannel.OVERHEAD];
  }

  Session session() {
    return session;
  }

  Principal peer() {
    return session.peer();
  }

  Connection connection() {
    return connection;
  }

  /** Queues a payload, or drops and counts it. From any thread. */
  void send(byte[] payload) {
    long cost = cost(payload);
    if (closed || payload.length > longestPayload) {
      reports.onDropped(peer(), 1);
      return;
    }
    if (queuedBytes.addAndGet(cost) > queueLimit) {
      queuedBytes.addAndGet(-cost);
      reports.onDropped(peer(), 1);
      return;
    }
    queue.add(payload);
    if (closed) {
      // Closed meanwhile: whoever closed it may have looked before we added.
      discard();
    }
  }

  /** What waits here; for a client's session, what waits for all of them. */
  long queuedBytes() {
    return queuedBytes.get();
  }

  /** True for the first to ask since the last {@link #drain}. From any thread. */
  boolean claimDrain() {
    return !awaitsDrain.get() && awaitsDrain.compareAndSet(false, true);
  }

  /** Writes an empty frame at once: what the peer waits for to count the link as one. */
  void greet() {
    write(frameWithMore(HEARTBEAT));
    channel.flush();
  }

  /** Writes what waits, as much as the channel takes. */
  void drain() {
    // Before looking into the queue: what is added after the last look claims a drain again.
    awaitsDrain.set(false);
    try {
      writeQueued();
    } catch (RuntimeException | OutOfMemoryError e) {
      connection.onFailure(e);
    }
  }

  /** Something came from the peer that is no heartbeat. */
  void onPayload(long now) {
    payloadAt = now;
  }

  /** When the peer last had something to say. */
  long payloadAt() {
    return payloadAt;
  }

  /** When the peer last took something of what waits, or nothing waited. */
  long progressAt() {
    return progressAt;
  }

  /** Regularly: sends a heartbeat if nothing has been sent since the last time. */
  void tick(long now) {
    boolean quiet = buffersWritten == buffersWrittenBefore;
    if (!quiet || channel.isWritable()) {
      progressAt = now;
    }
    if (quiet && channel.isWritable()) {
      queuedBytes.addAndGet(cost(HEARTBEAT));
      queue.add(HEARTBEAT);
      drain();
    }
    buffersWrittenBefore = buffersWritten;
  }

  /** Drops what waits; nothing is sent any more. */
  void close() {
    closed = true;
    discard();
  }

  private void discard() {
    long payloads = 0;
    for (byte[] payload = queue.poll(); payload != null; payload = queue.poll()) {
      queuedBytes.addAndGet(-cost(payload));
      payloads++;
    }
    reports.onDropped(peer(), payloads);
  }

  private void writeQueued() {
    boolean wrote = false;
    while (!closed && channel.isWritable()) {
      ByteBuf packed = pack();
      if (packed == null) {
        break;
      }
      write(packed);
      wrote = true;
    }
    if (wrote) {
      channel.flush();
    }
  }

  private void write(ByteBuf packed) {
    var unusedVoid = channel.write(packed, channel.voidPromise());
    buffersWritten++;
  }

  /** The next frame: many small payloads, or a big one; null when nothing waits. */
  private ByteBuf pack() {
    byte[] first = queue.poll();
    if (first == null) {
      return null;
    }
    queuedBytes.addAndGet(-cost(first));
    return PREFIX + first.length > packedBytes ? frame(first) : frameWithMore(first);
  }

  private ByteBuf frameWithMore(byte[] first) {
    ByteBuffer payloads = ByteBuffer.wrap(packing.payloads);
    byte[] next = first;
    while (next.length > 0) {
      payloads.putInt(next.length).put(next);
      byte[] following = queue.peek();
      boolean fits =
          following != null && payloads.position() + PREFIX + following.length <= packedBytes;
      if (!fits) {
        break;
      }
      next = queue.remove();
      queuedBytes.addAndGet(-cost(next));
    }
    int length = payloads.position();
    byte[] frame = packing.frame;
    ByteBuffer.wrap(frame).putInt(length + SealingChannel.OVERHEAD);
    session.outbound().seal(packing.payloads, 0, length, frame, FrameReader.HEADER);
    int size = FrameReader.HEADER + length + SealingChannel.OVERHEAD;
    return channel.alloc().directBuffer(size, size).writeBytes(frame, 0, size);
  }

  private ByteBuf frame(byte[] payload) {
    byte[] prefix = new byte[PREFIX];
    ByteBuffer.wrap(prefix).putInt(payload.length);
    int length = payload.length + OVERHEAD;
    byte[] frame = new byte[FrameReader.HEADER + length];
    ByteBuffer.wrap(frame).putInt(length);
    session.outbound().seal(prefix, 0, PREFIX, payload, frame, FrameReader.HEADER);
    return Unpooled.wrappedBuffer(frame);
  }

  private static long cost(byte[] payload) {
    return (long) payload.length + PAYLOAD_OVERHEAD;
  }
}
