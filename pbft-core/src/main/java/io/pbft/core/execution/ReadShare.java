package io.pbft.core.execution;

import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Batch;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How many bytes of unordered reads each client may have answered beside the requests of others. No
 * batch holds reads and no window bounds them, so that who sends long ones as fast as it can would
 * take what the others need.
 *
 * <p>While others have requests executed, a client's long reads may be as many bytes as one of them
 * has had executed on average, and {@value #LEAST_A_BATCH} bytes for each batch in any case. Short
 * ones are free: they cost little, and services have many.
 *
 * <p>What a client may have only grows with what is executed, for all alike; of it, each is known
 * to have used so much. Nobody's grows beyond {@value #MOST_SAVED} bytes while it does not use it.
 */
final class ReadShare {
  /** Operations up to so many bytes are short. */
  static final int SHORT = 1024;

  /** What each executed batch brings a client at least, in bytes. */
  static final int LEAST_A_BATCH = 16 * 1024;

  static final int MOST_SAVED = 64 * 1024;

  /** Who has had nothing executed for so long does not compete any more. */
  static final long COMPETES_MILLIS = 250;

  private static final long NEVER = Long.MIN_VALUE / 2;

  private final TreeMap<Integer, Long> used = new TreeMap<>();
  private long granted;

  /** Whose request was executed last, when, and when one of any other client. */
  private int latest = -1;

  private long latestAt = NEVER;
  private long otherAt = NEVER;

  /** Whether the client may have one more read answered, which counts as its then. */
  boolean takes(int client, int bytes, long now) {
    if (bytes <= SHORT) {
      return true;
    }
    if (now - (client == latest ? otherAt : latestAt) >= COMPETES_MILLIS) {
      used.remove(client);
      return true;
    }
    long least = granted - MOST_SAVED;
    long before = Math.max(least, used.getOrDefault(client, least));
    if (before >= granted) {
      return false;
    }
    used.put(client, before + bytes);
    return true;
  }

  /** A batch has been executed. */
  void onExecuted(Batch batch, long now) {
    for (AuthenticatedRequest request : batch.requests()) {
      int client = request.request().client();
      if (client != latest) {
        otherAt = latestAt;
        latest = client;
      }
      latestAt = now;
    }
    if (!used.isEmpty()) {
      granted += Math.max(LEAST_A_BATCH, ofEach(batch));
      used.values().removeIf(before -> before <= granted - MOST_SAVED);
    }
  }

  /** What each of its clients has had executed with the batch, on average. */
  private static long ofEach(Batch batch) {
    TreeSet<Integer> clients = new TreeSet<>();
    long bytes = 0;
    for (AuthenticatedRequest request : batch.requests()) {
      clients.add(request.request().client());
      bytes += request.request().operation().length;
    }
    return bytes / Math.max(1, clients.size());
  }
}
