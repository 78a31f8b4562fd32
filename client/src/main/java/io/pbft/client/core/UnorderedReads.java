package io.pbft.client.core;

import io.pbft.core.Quorums;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.ReadReply;
import io.pbft.core.message.ReadRequest;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Reads that are not ordered (OSDI'99, section 5.1). A fast read asks all, is accepted with a
 * quorum of matching answers, and becomes an ordered one when there can be none. A stale read asks
 * one replica after the other and believes the first that answers; or one only, again and again.
 */
final class UnorderedReads {
  private static final long TICK_MILLIS = 10;

  /** Takes over the fast reads that found no quorum. */
  interface Fallback {
    void order(long opId, byte[] operation, long at);
  }

  private static final class Read {
    private final long opId;
    private final ReadRequest request;
    private final Tally tally;
    private final boolean[] refused;
    private long dueAt;
    // Of a stale read: whom it was sent to last, or -1; and to whom so far.
    private int asked = -1;
    private final boolean[] wasAsked;
    // The only one to ask, or -1.
    private final int only;

    Read(long opId, ReadRequest request, int only, int n, ByteBudget budget) {
      this.opId = opId;
      this.request = request;
      this.only = only;
      this.tally = new Tally(n, budget);
      this.refused = new boolean[n];
      this.wasAsked = new boolean[n];
    }
  }

  private final ClientConfig config;
  private final Quorums quorums;
  private final Links links;
  private final ByteBudget budget;
  private final Outbox out;
  private final Fallback fallback;
  private final Alarm alarm;
  private final CheckedResults checked = new CheckedResults();
  private final TreeMap<Long, Read> byNonce = new TreeMap<>();
  private final TreeMap<Long, Read> byId = new TreeMap<>();
  private long nextNonce = 1;

  UnorderedReads(
      ClientConfig config,
      Quorums quorums,
      Links links,
      ByteBudget budget,
      Outbox out,
      Fallback fallback) {
    this.config = config;
    this.quorums = quorums;
    this.links = links;
    this.budget = budget;
    this.out = out;
    this.fallback = fallback;
    this.alarm = new Alarm(ClientTimer.READ, out);
  }

  int size() {
    return byId.size();
  }

  boolean contains(long opId) {
    return byId.containsKey(opId);
  }

  void onRead(long opId, boolean fast, byte[] operation, long at) {
    Read read = begin(opId, fast, -1, operation);
    if (fast) {
      sendFast(read, at);
    } else {
      sendToNext(read, at);
    }
  }

  void onReadFrom(long opId, int replica, byte[] operation, long at) {
    sendToNext(begin(opId, false, replica, operation), at);
  }

  private Read begin(long opId, boolean fast, int only, byte[] operation) {
    ReadRequest request =
        new ReadRequest(config.client(), config.session(), nextNonce++, fast, operation);
    Read read = new Read(opId, request, only, quorums.n(), budget);
    byNonce.put(request.nonce(), read);
    byId.put(opId, read);
    return read;
  }

  private void sendFast(Read read, long at) {
    if (links.count() < quorums.quorum()) {
      fallBack(read, at);
      return;
    }
    for (int replica = 0; replica < links.n(); replica++) {
      if (links.isConnected(replica)) {
        out.add(new ClientEffect.SendRead(replica, read.request));
      }
    }
    waitFor(read, at);
  }

  /** Starts at a replica given by the nonce, so that the reads of a session spread over all. */
  private void sendToNext(Read read, long at) {
    int n = links.n();
    int first = read.asked < 0 ? (int) (read.request.nonce() % n) : (read.asked + 1) % n;
    for (int i = 0; i < n; i++) {
      int replica = (first + i) % n;
      if (links.isConnected(replica) && (read.only < 0 || read.only == replica)) {
        read.asked = replica;
        read.wasAsked[replica] = true;
        out.add(new ClientEffect.SendRead(replica, read.request));
        break;
      }
    }
    waitFor(read, at);
  }

  private void waitFor(Read read, long at) {
    read.dueAt = at + config.timeoutMillis();
    alarm.noLaterThan(read.dueAt, at);
  }

  void onConnected(long at) {
    for (Read read : all()) {
      if (!read.request.fast() && read.asked < 0) {
        sendToNext(read, at);
      }
    }
  }

  void onDisconnected(int replica, long at) {
    for (Read read : all()) {
      if (read.request.fast()) {
        fallBackIfHopeless(read, at);
      } else if (read.asked == replica) {
        read.asked = read.only < 0 ? replica : -1;
        sendToNext(read, at);
      }
    }
  }

  void onTimer(long generation, long at) {
    if (!alarm.accept(generation)) {
      return;
    }
    for (Read read : all()) {
      if (read.dueAt > at) {
        continue;
      }
      if (read.request.fast()) {
        fallBack(read, at);
      } else {
        sendToNext(read, at);
      }
    }
    long earliest = Long.MAX_VALUE;
    for (Read read : byNonce.values()) {
      earliest = Math.min(earliest, read.dueAt);
    }
    if (earliest != Long.MAX_VALUE) {
      // Not for each read by itself: a tick walks over all of them.
      alarm.noLaterThan(Math.max(earliest, at + TICK_MILLIS), at);
    }
  }

  void onReply(int sender, ReadReply reply, long at) {
    Read read = byNonce.get(reply.nonce());
    Reason reason = check(sender, reply, read);
    if (reason != null) {
      out.refuse(reason, MessageType.READ_REPLY, sender);
    } else if (read == null) {
      return; // Answered already: all are asked, and a quorum is enough.
    } else if (reply.isRefusal()) {
      onRefusal(read, sender, at);
    } else if (read.request.fast()) {
      onFastReply(read, sender, reply, at);
    } else {
      onStaleReply(read, sender, reply, at);
    }
  }

  private Reason check(int sender, ReadReply reply, Read read) {
    if (reply.session() != config.session()
        || reply.nonce() < 1
        || reply.nonce() >= nextNonce
        || (read != null && !read.request.fast() && !read.wasAsked[sender])) {
      return Reason.NOT_ASKED_FOR;
    }
    return reply.result() == null || hasDigest(reply, read) ? null : Reason.BAD_DIGEST;
  }

  private boolean hasDigest(ReadReply reply, Read read) {
    Result known = read == null ? null : read.tally.result(reply.resultDigest());
    return checked.agrees(reply.result(), reply.resultDigest(), known);
  }

  private void onRefusal(Read read, int sender, long at) {
    read.refused[sender] = true;
    if (read.request.fast()) {
      fallBackIfHopeless(read, at);
    } else if (sender == read.asked && isAnyLeft(read)) {
      sendToNext(read, at);
    }
  }

  /** Else the timer has the next asked: round and round at once would be a flood. */
  private boolean isAnyLeft(Read read) {
    boolean any = false;
    for (int replica = 0; replica < links.n(); replica++) {
      any |= read.only < 0 && links.isConnected(replica) && !read.wasAsked[replica];
    }
    return any;
  }

  private void onFastReply(Read read, int sender, ReadReply reply, long at) {
    read.tally.vote(sender, reply.resultDigest(), reply.result());
    if (read.tally.count(reply.resultDigest()) >= quorums.quorum()) {
      Result result =
          reply.result() != null ? reply.result() : read.tally.result(reply.resultDigest());
      if (result != null) {
        complete(read, result);
        return;
      }
    }
    fallBackIfHopeless(read, at);
  }

  /** No more answers will come, or those that come can't make a quorum. */
  private void fallBackIfHopeless(Read read, long at) {
    int missing = 0;
    for (int replica = 0; replica < links.n(); replica++) {
      boolean open = read.tally.vote(replica) == null && !read.refused[replica];
      if (open && links.isConnected(replica)) {
        missing++;
      }
    }
    if (missing == 0 || read.tally.highestCount() + missing < quorums.quorum()) {
      fallBack(read, at);
    }
  }

  private void fallBack(Read read, long at) {
    remove(read);
    out.observe(new ClientObservation.ReadFellBack(read.request.nonce()));
    fallback.order(read.opId, read.request.operation(), at);
  }

  private void onStaleReply(Read read, int sender, ReadReply reply, long at) {
    if (reply.result() != null) {
      complete(read, reply.result());
    } else if (sender == read.asked) {
      sendToNext(read, at);
    }
  }

  private void complete(Read read, Result result) {
    remove(read);
    if (result.outcome() == Result.Outcome.OK || result.outcome() == Result.Outcome.FAILED) {
      out.add(new ClientEffect.Completed(read.opId, result));
    } else {
      out.add(new ClientEffect.Failed(read.opId, ClientFailure.OUTCOME_UNKNOWN));
    }
  }

  private void remove(Read read) {
    read.tally.close();
    byNonce.remove(read.request.nonce());
    byId.remove(read.opId);
  }

  void onAbandon(long opId) {
    Read read = byId.get(opId);
    if (read != null) {
      remove(read);
    }
  }

  /** The session has ended; a read can be done again in the next. */
  List<ClientEffect> expire() {
    alarm.cancel();
    List<ClientEffect> returned = new ArrayList<>();
    for (Read read : all()) {
      remove(read);
      returned.add(new ClientEffect.Returned(read.opId));
    }
    return returned;
  }

  private List<Read> all() {
    return List.copyOf(byNonce.values());
  }
}
