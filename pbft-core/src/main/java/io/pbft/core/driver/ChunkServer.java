package io.pbft.core.driver;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.message.Chunks;
import io.pbft.core.message.FetchChunks;
import io.pbft.core.spi.SnapshotStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Serves replicas that fetch state, in turn and within the {@link TransferBudget}; and knows which
 * checkpoints they are fetching, so that these stay until they are through: one for each peer,
 * while it goes on asking. Chunks say nothing of this replica's votes, so they wait for no record
 * to become durable, and leave from the store's thread. Owner thread only.
 */
final class ChunkServer {
  /** What one answer carries, unless a single chunk is larger. */
  static final int ANSWER_BYTES = 256 * 1024;

  /** Questions of one peer that wait; a correct one has two. */
  static final int MAX_WAITING = 4;

  private static final int INTERVALS_OF_PATIENCE = 20;

  /** Sends an answer, from any thread. */
  interface Sender {
    void send(int to, Chunks answer);
  }

  private static final class Peer {
    private final ArrayDeque<FetchChunks> waiting = new ArrayDeque<>();
    private long sequence = -1;
    private long lastAsked;
  }

  private final int self;
  private final SnapshotStore store;
  private final Sender sender;
  private final TransferBudget budget;
  private final long patienceNanos;
  private final List<Peer> peers = new ArrayList<>();
  private int next;
  private int waiting;

  ChunkServer(int self, ProtocolConfig config, SnapshotStore store, Sender sender, long nowNanos) {
    this.self = self;
    this.store = store;
    this.sender = sender;
    this.budget = new TransferBudget(nowNanos);
    this.patienceNanos =
        TimeUnit.MILLISECONDS.toNanos(config.statusIntervalMillis() * INTERVALS_OF_PATIENCE);
    for (int i = 0; i < config.n(); i++) {
      peers.add(new Peer());
    }
  }

  /** Takes a question in; false when its sender has too many waiting. */
  boolean ask(FetchChunks question, long nowNanos) {
    Peer peer = peers.get(question.replica());
    if (peer.waiting.size() >= MAX_WAITING || question.digests().isEmpty()) {
      return false;
    }
    peer.waiting.add(question);
    peer.sequence = question.sequence();
    peer.lastAsked = nowNanos;
    waiting++;
    return true;
  }

  /** The checkpoints that peers are fetching now. */
  List<Long> beingFetched(long nowNanos) {
    return peers.stream()
        .filter(peer -> peer.sequence >= 0 && nowNanos - peer.lastAsked < patienceNanos)
        .map(peer -> peer.sequence)
        .toList();
  }

  /** Answers as many questions as the budget allows. */
  void serve(long nowNanos) {
    while (waiting > 0 && budget.take(ANSWER_BYTES, nowNanos)) {
      FetchChunks question = poll();
      store.read(question.digests(), ANSWER_BYTES, chunks -> answer(question, chunks));
    }
  }

  private void answer(FetchChunks question, List<byte[]> chunks) {
    long bytes = chunks.stream().mapToLong(chunk -> chunk.length).sum();
    budget.giveBack(ANSWER_BYTES - bytes);
    sender.send(question.replica(), new Chunks(question.ticket(), chunks, self));
  }

  private FetchChunks poll() {
    while (peers.get(next).waiting.isEmpty()) {
      next = (next + 1) % peers.size();
    }
    FetchChunks question = peers.get(next).waiting.remove();
    next = (next + 1) % peers.size();
    waiting--;
    return question;
  }

  /** Nanoseconds until something can be sent; {@code otherwise} when nobody waits. */
  long nanosLeft(long nowNanos, long otherwise) {
    return waiting == 0 ? otherwise : Math.min(otherwise, budget.nanosLeft(nowNanos));
  }
}
