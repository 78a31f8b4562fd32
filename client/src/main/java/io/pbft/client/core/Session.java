package io.pbft.client.core;

import io.pbft.core.message.Request;
import io.pbft.core.message.Result;
import io.pbft.crypto.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The operations of one session: a queue, and behind it a window of timestamps, consecutive from 1.
 * {@code low} is the lowest timestamp without an answer; those below {@code low + window} may be in
 * flight.
 */
final class Session {
  /**
   * Bytes of operations in flight, unless it is one: what a link has room for several times over,
   * since a link that has none loses what it is given, and says nothing.
   */
  static final long IN_FLIGHT_BYTES = 16L << 20;

  private final ClientConfig config;
  private final TreeMap<Long, Operation> byId = new TreeMap<>();
  private final TreeMap<Long, Operation> queue = new TreeMap<>();
  private final Operation[] outstanding;
  // What was accepted for the last timestamps, to tell late answers from wrong ones.
  private final Digest[] accepted;
  private final ReplyRoom room;
  private long low = 1;
  private long next = 1;
  private long nextOrder = 1;
  private int inFlight;
  private long inFlightBytes;

  Session(ClientConfig config) {
    this.config = config;
    this.outstanding = new Operation[config.window()];
    this.accepted = new Digest[config.window()];
    this.room = new ReplyRoom(config.protocol().limits().keptResultBytes(), config.window());
  }

  int size() {
    return byId.size();
  }

  boolean contains(long opId) {
    return byId.containsKey(opId);
  }

  void enqueue(long opId, Request.Kind kind, byte[] bytes) {
    Operation operation = new Operation(opId, kind, bytes, nextOrder++);
    byId.put(opId, operation);
    queue.put(operation.order, operation);
  }

  /**
   * Gives the next queued operation its timestamp; null when there is none, the window is full in
   * number or bytes, or replicas could not keep the results.
   */
  Operation admit(ByteBudget budget) {
    if (queue.isEmpty() || next >= low + outstanding.length || !room.allowsOneMore(inFlight)) {
      return null;
    }
    int length = queue.firstEntry().getValue().bytes.length;
    if (inFlight > 0 && inFlightBytes + length > IN_FLIGHT_BYTES) {
      return null;
    }
    inFlightBytes += length;
    Operation operation = queue.pollFirstEntry().getValue();
    operation.request =
        new Request(config.client(), config.session(), next, low, operation.kind, operation.bytes);
    operation.tally = new Tally(config.protocol().n(), budget);
    outstanding[slot(next)] = operation;
    accepted[slot(next)] = null;
    inFlight++;
    next++;
    return operation;
  }

  /** Requests that have a timestamp and no answer. */
  int inFlight() {
    return inFlight;
  }

  /** A timestamp of this session that was sent, answered or not. */
  boolean wasSent(long timestamp) {
    return timestamp >= 1 && timestamp < next;
  }

  /** The unanswered request with the timestamp, or null. */
  Operation outstanding(long timestamp) {
    return timestamp >= low && timestamp < next ? outstanding[slot(timestamp)] : null;
  }

  /** What was accepted for the timestamp; null when it was not, or too long ago. */
  Digest accepted(long timestamp) {
    return timestamp >= 1 && timestamp < next && timestamp >= next - accepted.length
        ? accepted[slot(timestamp)]
        : null;
  }

  /** The outstanding operation that all others wait for; null when there is none. */
  Operation oldest() {
    for (long timestamp = low; timestamp < next; timestamp++) {
      if (outstanding[slot(timestamp)] != null) {
        return outstanding[slot(timestamp)];
      }
    }
    return null;
  }

  /** The unanswered requests, oldest first. */
  List<Operation> outstanding() {
    List<Operation> list = new ArrayList<>();
    for (long timestamp = low; timestamp < next; timestamp++) {
      Operation operation = outstanding[slot(timestamp)];
      if (operation != null) {
        list.add(operation);
      }
    }
    return list;
  }

  void finish(Operation operation, Result result) {
    long timestamp = operation.request.timestamp();
    operation.tally.close();
    outstanding[slot(timestamp)] = null;
    inFlight--;
    inFlightBytes -= operation.bytes.length;
    accepted[slot(timestamp)] = result.digest();
    room.onAnswered(slot(timestamp), result.bytes().length);
    byId.remove(operation.opId);
    while (low < next && outstanding[slot(low)] == null) {
      room.onAcknowledged(slot(low));
      low++;
    }
  }

  /** The user no longer waits: forgotten if unsent, else finished silently later. */
  void abandon(long opId) {
    Operation operation = byId.get(opId);
    if (operation == null) {
      return;
    }
    operation.abandoned = true;
    if (operation.request == null) {
      byId.remove(opId);
      queue.remove(operation.order);
    }
  }

  /** Empties the session. Returns what was in it, as it was or would have been sent. */
  List<Operation> clear() {
    List<Operation> all = outstanding();
    for (Operation operation : all) {
      operation.tally.close();
      outstanding[slot(operation.request.timestamp())] = null;
    }
    all.addAll(queue.values());
    queue.clear();
    byId.clear();
    low = next;
    inFlight = 0;
    inFlightBytes = 0;
    return all;
  }

  private int slot(long timestamp) {
    return (int) (timestamp % outstanding.length);
  }
}
