package io.pbft.lab.trace;

import io.pbft.core.message.ReadReply;
import io.pbft.core.message.ReplicaMessage;
import io.pbft.core.message.Reply;
import io.pbft.core.message.Result;
import io.pbft.crypto.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What clients have been told: a result is accepted once {@code f+1} distinct replicas gave it,
 * that of an unordered read once {@code q} did.
 */
final class Replies {
  private final int weak;
  private final int quorum;
  private final Map<String, Map<Digest, TreeSet<Integer>>> tallies = new TreeMap<>();
  private final Map<Digest, String> texts = new TreeMap<>();
  private final TreeSet<String> accepted = new TreeSet<>();
  private final List<String> news = new ArrayList<>();

  Replies(int weak, int quorum) {
    this.weak = weak;
    this.quorum = quorum;
  }

  void onReply(ReplicaMessage message) {
    if (message instanceof Reply m) {
      String id = Describer.id(m.client(), m.session(), m.timestamp());
      count(id, m.resultDigest(), m.result(), m.replica(), weak);
    } else if (message instanceof ReadReply m && !m.isRefusal()) {
      count("read #" + m.nonce(), m.resultDigest(), m.result(), m.replica(), quorum);
    }
  }

  private void count(String id, Digest digest, Result result, int replica, int enough) {
    if (result != null) {
      texts.put(digest, Narrator.result(result));
    }
    Map<Digest, TreeSet<Integer>> tally = tallies.computeIfAbsent(id, k -> new TreeMap<>());
    TreeSet<Integer> voices = tally.computeIfAbsent(digest, k -> new TreeSet<>());
    voices.add(replica);
    if (voices.size() >= enough && texts.containsKey(digest) && accepted.add(id)) {
      news.add("client accepts " + id + " " + texts.get(digest));
    }
  }

  /** Takes the acceptances since the last call. */
  List<String> takeNews() {
    List<String> taken = List.copyOf(news);
    news.clear();
    return taken;
  }

  /** One line for each request answered. */
  List<String> summary() {
    List<String> lines = new ArrayList<>();
    tallies.forEach(
        (id, tally) ->
            tally.forEach(
                (digest, voices) ->
                    lines.add(
                        id
                            + " "
                            + texts.getOrDefault(digest, "(digest only)")
                            + " from "
                            + voices.stream().map(i -> "r" + i).toList()
                            + (accepted.contains(id) ? " accepted" : ""))));
    return lines;
  }
}
