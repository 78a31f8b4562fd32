package io.pbft.lab.play;

import io.pbft.core.message.Batch;
import io.pbft.core.message.Envelope;
import io.pbft.core.message.Message;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.PrePrepare;
import io.pbft.crypto.Digest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What traitors that collude know together: messages they sent and heard, and batches. Bounded. A
 * lone traitor is a gang of one.
 */
final class Gang {
  private static final int KEPT_PER_TYPE = 512;

  private final TreeSet<Integer> members = new TreeSet<>();
  private final Map<MessageType, ArrayDeque<Draft>> sent = new EnumMap<>(MessageType.class);
  private final Map<MessageType, ArrayDeque<Heard>> heard = new EnumMap<>(MessageType.class);
  private final TreeMap<Digest, Batch> batches = new TreeMap<>();
  private final ArrayDeque<Batch> inOrder = new ArrayDeque<>();
  private Digest last = Digest.ZERO;
  private Digest beforeLast = Digest.ZERO;

  /** A message that a member received. */
  record Heard(int from, Message message, Envelope envelope) {}

  void join(int replica) {
    members.add(replica);
  }

  boolean has(int replica) {
    return members.contains(replica);
  }

  void sent(Draft draft) {
    keep(sent, draft.message().type(), draft);
    learn(draft.message());
  }

  void heard(Heard message) {
    keep(heard, message.message().type(), message);
    learn(message.message());
  }

  private static <T> void keep(Map<MessageType, ArrayDeque<T>> in, MessageType type, T element) {
    ArrayDeque<T> queue = in.computeIfAbsent(type, t -> new ArrayDeque<>());
    queue.add(element);
    if (queue.size() > KEPT_PER_TYPE) {
      queue.remove();
    }
  }

  /** Takes in the digests and batches of a message, true or forged. */
  void learn(Message message) {
    Digest digest = Fields.digest(message);
    if (digest != null && !digest.equals(last)) {
      beforeLast = last;
      last = digest;
    }
    if (message instanceof PrePrepare m && batches.put(m.digest(), m.batch()) == null) {
      inOrder.add(m.batch());
      if (inOrder.size() > KEPT_PER_TYPE) {
        batches.remove(inOrder.remove().digest());
      }
    }
  }

  /** The first batch that was ever proposed here, executed long ago; null before. */
  Batch stale() {
    return inOrder.stream().filter(b -> !b.requests().isEmpty()).findFirst().orElse(null);
  }

  /** The batch that was proposed last; null before. */
  Batch latest() {
    return inOrder.peekLast();
  }

  /** A digest that somebody really used, other than the given one. */
  Digest other(Digest than) {
    return last.equals(than) ? beforeLast : last;
  }

  /** Messages of the type that members sent, oldest first. */
  List<Draft> sent(MessageType type) {
    return new ArrayList<>(sent.getOrDefault(type, new ArrayDeque<>()));
  }

  /** Messages of the type that members heard, oldest first. */
  List<Heard> heard(MessageType type) {
    return new ArrayList<>(heard.getOrDefault(type, new ArrayDeque<>()));
  }

  /** One of the list. */
  static <T> List<T> pick(List<T> list, String which, SplittableRandom random) {
    if (list.isEmpty()) {
      return List.of();
    }
    int at =
        switch (which) {
          case "oldest" -> 0;
          case "random" -> random.nextInt(list.size());
          default -> list.size() - 1;
        };
    return List.of(list.get(at));
  }
}
