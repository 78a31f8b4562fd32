package io.pbft.core.execution;

import io.pbft.core.codec.Limits;
import io.pbft.core.codec.Reader;
import io.pbft.core.codec.Refusal;
import io.pbft.core.codec.Writer;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Batch;
import io.pbft.core.message.Request;
import io.pbft.core.message.Result;
import io.pbft.core.runtime.LongMap;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The duplicate filter: which request of each client session executes next, and cached replies. A
 * deterministic part of the replicated state, covered by the checkpoint digest.
 *
 * <p>Requests of a session execute in the order of their timestamps, each exactly once: only
 * timestamp {@code last + 1} is admitted. A client has a bounded number of sessions; when it opens
 * one more, the one that executed longest ago goes, and no session up to its number can be opened
 * again, so that its requests can't be replayed.
 */
public final class ClientTable {
  /** What a request is to the table. */
  public enum Standing {
    /** It executes next in its session. */
    NEXT,
    /** Earlier ones of its session must execute first. */
    AHEAD,
    /** It has been executed (or is being). */
    EXECUTED,
    /** Its session was evicted. */
    EXPIRED
  }

  private static final class ClientRecord {
    private final LongMap<SessionRecord> sessions = new LongMap<>();
    private long floor;
  }

  private final LongMap<ClientRecord> clients = new LongMap<>();
  private final int sessionsPerClient;
  private final int window;
  private final long maxReplyBytes;
  private long lastTime;

  /**
   * @param window of a client: replies further back than that are not kept, since whoever sends a
   *     request has the answers of all that are a window below it
   */
  public ClientTable(int sessionsPerClient, int window, Limits limits) {
    this.sessionsPerClient = sessionsPerClient;
    this.window = window;
    this.maxReplyBytes = limits.keptResultBytes();
  }

  /** The agreed time of the last batch executed; never decreases. */
  public long lastTime() {
    return lastTime;
  }

  public void advanceTime(long time) {
    lastTime = Math.max(lastTime, time);
  }

  public Standing standing(Request request) {
    ClientRecord client = clients.get(request.client());
    SessionRecord session = client == null ? null : client.sessions.get(request.session());
    if (session == null) {
      if (client != null && request.session() <= client.floor) {
        return Standing.EXPIRED;
      }
      return request.timestamp() == 1 ? Standing.NEXT : Standing.AHEAD;
    }
    if (request.timestamp() <= session.last()) {
      return Standing.EXECUTED;
    }
    return request.timestamp() == session.last() + 1 ? Standing.NEXT : Standing.AHEAD;
  }

  /** The last timestamp executed in a session, 0 for one not known. */
  public long last(int client, long session) {
    ClientRecord record = clients.get(client);
    SessionRecord found = record == null ? null : record.sessions.get(session);
    return found == null ? 0 : found.last();
  }

  /** Whether a session was evicted; nothing of it will execute. */
  public boolean isExpired(int client, long session) {
    ClientRecord record = clients.get(client);
    return record != null && session <= record.floor && record.sessions.get(session) == null;
  }

  /**
   * Takes a request up for execution if it is the next of its session; false when it must be passed
   * over.
   */
  boolean admit(Request request, long sequence) {
    if (standing(request) != Standing.NEXT) {
      return false;
    }
    ClientRecord client = clients.get(request.client());
    if (client == null) {
      client = new ClientRecord();
      clients.put(request.client(), client);
    }
    SessionRecord session = client.sessions.get(request.session());
    if (session == null) {
      if (client.sessions.size() >= sessionsPerClient) {
        evictOldest(client);
      }
      session = new SessionRecord();
      client.sessions.put(request.session(), session);
    }
    long needed = Math.max(request.acknowledged(), request.timestamp() - window + 1);
    session.advance(request.timestamp(), needed, sequence);
    return true;
  }

  /**
   * Whether a batch's requests are all the next of sessions that are known, one of each: then they
   * are admitted whenever the batch is the next to be executed.
   */
  boolean admitsAll(Batch batch) {
    TreeMap<Integer, TreeSet<Long>> seen = new TreeMap<>();
    for (AuthenticatedRequest each : batch.requests()) {
      Request request = each.request();
      boolean isNext = last(request.client(), request.session()) == request.timestamp() - 1;
      boolean isKnown = request.timestamp() > 1;
      Set<Long> sessions = seen.computeIfAbsent(request.client(), c -> new TreeSet<>());
      if (!isKnown || !isNext || !sessions.add(request.session())) {
        return false;
      }
    }
    return true;
  }

  private static void evictOldest(ClientRecord client) {
    long[] oldest = {0, Long.MAX_VALUE};
    client.sessions.forEach(
        (id, session) -> {
          if (session.lastSequence() < oldest[1]) {
            oldest[0] = id;
            oldest[1] = session.lastSequence();
          }
        });
    client.sessions.remove(oldest[0]);
    client.floor = Math.max(client.floor, oldest[0]);
  }

  /**
   * Caches the result of an admitted request. Its session may have been evicted within the same
   * batch.
   */
  void record(Request request, Result result) {
    SessionRecord session = clients.get(request.client()).sessions.get(request.session());
    if (session != null) {
      session.record(request.timestamp(), result, maxReplyBytes);
    }
  }

  /** The cached result of an executed request, or null when it is gone or not there yet. */
  Result result(Request request) {
    ClientRecord client = clients.get(request.client());
    SessionRecord session = client == null ? null : client.sessions.get(request.session());
    return session == null ? null : session.reply(request.timestamp());
  }

  /** The canonical encoding. */
  public byte[] encode() {
    Writer w = new Writer().int64(lastTime).int32(clients.size());
    clients.forEach(
        (id, client) -> {
          w.int32((int) id).int64(client.floor).int32(client.sessions.size());
          client.sessions.forEach((number, session) -> session.write(w.int64(number)));
        });
    return w.toBytes();
  }

  /**
   * Replaces the contents; empty bytes are the initial, empty table.
   *
   * @return false when the bytes are not the encoding of a table; the contents are then undefined
   */
  public boolean restore(byte[] encoded) {
    clients.clear();
    lastTime = 0;
    if (encoded.length == 0) {
      return true;
    }
    try {
      Reader r = new Reader(encoded, 0, encoded.length, Limits.DEFAULT);
      lastTime = r.number();
      int count = r.count();
      for (int i = 0; i < count; i++) {
        ClientRecord record = new ClientRecord();
        clients.put(r.count(), record);
        record.floor = r.number();
        int sessions = r.count();
        for (int k = 0; k < sessions; k++) {
          long id = r.number();
          record.sessions.put(id, SessionRecord.read(r, window));
        }
      }
      r.finish();
      return Arrays.equals(encode(), encoded);
    } catch (Refusal malformed) {
      return false;
    }
  }
}
