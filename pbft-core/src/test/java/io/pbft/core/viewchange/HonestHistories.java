package io.pbft.core.viewchange;

import io.pbft.core.Quorums;
import io.pbft.core.message.Batch;
import io.pbft.core.message.ViewChange;
import io.pbft.core.scene.Changes;
import io.pbft.crypto.Digest;
import io.pbft.crypto.Hasher;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The protocol without messages: at random, what {@code n-f} correct replicas may come to have
 * pre-prepared, prepared, committed and checkpointed in a run of views, while f traitors vote for
 * anything, propose anything when they are primaries, and claim anything in their view-changes.
 * Whatever a real network could bring about of one view's votes, this may.
 */
final class HonestHistories {
  static final int INTERVAL = 2;
  static final int WINDOW = 4;

  /** What one correct replica has. */
  static final class Memory {
    private long low;
    private long executed;
    private final TreeMap<Long, Digest> held = new TreeMap<>();
    private final TreeSet<Long> vouched = new TreeSet<>();
    private final TreeMap<Long, ViewChange.Entry> prepared = new TreeMap<>();
    private final TreeMap<Long, TreeMap<Digest, Long>> prePrepared = new TreeMap<>();
    private final TreeMap<Long, Digest> accepted = new TreeMap<>();

    private void hold(long sequence) {
      held.put(sequence, stateDigest(sequence));
      vouched.add(sequence);
    }

    private void advance(long stable) {
      low = stable;
      held.headMap(stable).clear();
      prepared.headMap(stable, true).clear();
      prePrepared.headMap(stable, true).clear();
    }
  }

  private final Random random;
  private final Quorums quorums;
  private final List<Memory> correct = new ArrayList<>();
  private final TreeMap<Long, Digest> committed = new TreeMap<>();
  private final TreeMap<Long, TreeSet<Digest>> known = new TreeMap<>();
  private long view;

  HonestHistories(int n, long seed) {
    this.random = new Random(seed);
    this.quorums = Quorums.of(n);
    for (int i = 0; i < n - quorums.f(); i++) {
      Memory memory = new Memory();
      memory.hold(0);
      correct.add(memory);
    }
    NewViewPlan nothing = new NewViewPlan(0, stateDigest(0), List.of());
    correct.forEach(memory -> vote(memory, nothing));
    count();
  }

  Quorums quorums() {
    return quorums;
  }

  /** What has committed at any correct replica. */
  Map<Long, Digest> committed() {
    return committed;
  }

  /** The view-changes of the correct replicas (ids from 0) for the next view. */
  List<ViewChange> honest() {
    List<ViewChange> messages = new ArrayList<>();
    for (int i = 0; i < correct.size(); i++) {
      Memory memory = correct.get(i);
      Changes changes = Changes.of(view + 1, i).stableAt(memory.low);
      memory.held.forEach(changes::held);
      memory
          .prepared
          .values()
          .forEach(e -> changes.preparedOnly(e.sequence(), e.digest(), e.view()));
      memory.prePrepared.forEach(
          (s, digests) -> digests.forEach((d, v) -> changes.prePrepared(s, d, v)));
      messages.add(changes.done());
    }
    return messages;
  }

  /** View-changes of the traitors: well formed, otherwise anything. */
  List<ViewChange> lies() {
    List<ViewChange> messages = new ArrayList<>();
    for (int i = correct.size(); i < quorums.n(); i++) {
      long stable = random.nextInt(4) * (long) INTERVAL;
      Changes changes = Changes.of(view + 1, i).stableAt(stable);
      for (long s = stable; s <= stable + WINDOW; s += INTERVAL) {
        if (random.nextBoolean()) {
          changes.held(s, random.nextBoolean() ? stateDigest(s) : digest("lie", s, 0));
        }
      }
      for (long s = stable + 1; s <= stable + WINDOW; s++) {
        lieAbout(s, changes);
      }
      messages.add(changes.done());
    }
    return messages;
  }

  private void lieAbout(long s, Changes changes) {
    List<Digest> candidates = new ArrayList<>(known.getOrDefault(s, new TreeSet<>()));
    candidates.add(Batch.NULL.digest());
    candidates.add(digest("lie", s, view));
    if (random.nextInt(3) > 0) {
      changes.preparedOnly(s, any(candidates), random.nextInt((int) view + 1));
    }
    for (Digest candidate : candidates) {
      if (random.nextInt(3) > 0) {
        changes.prePrepared(s, candidate, random.nextInt((int) view + 1));
      }
    }
  }

  private Digest any(List<Digest> digests) {
    return digests.get(random.nextInt(digests.size()));
  }

  /** A set of view-changes that a primary may have collected: at least {@code q}, by anybody. */
  List<ViewChange> collected() {
    List<ViewChange> all = new ArrayList<>(honest());
    all.addAll(lies());
    Collections.shuffle(all, random);
    int size = quorums.quorum() + random.nextInt(quorums.n() - quorums.quorum() + 1);
    return new ArrayList<>(all.subList(0, size));
  }

  /** The next view: each correct replica enters it by one of the plans, or stays out of it. */
  void enter(List<NewViewPlan> plans) {
    view++;
    for (Memory memory : correct) {
      memory.accepted.clear();
      if (random.nextInt(5) > 0) {
        NewViewPlan plan = plans.get(random.nextInt(plans.size()));
        if (plan.start() > memory.low) {
          adopt(memory, plan.start());
        }
        vote(memory, plan);
      }
    }
    count();
  }

  /**
   * A start checkpoint that the replica may have to fetch, at once or later. Its own h stays: that
   * moves with a quorum's checkpoints only.
   */
  private void adopt(Memory memory, long start) {
    if (memory.executed >= start || random.nextBoolean()) {
      memory.executed = Math.max(memory.executed, start);
      memory.hold(start);
    }
  }

  /** The word of {@code f+1}, one of them correct, is enough to fetch a state; h stays. */
  private void fetch(Memory memory) {
    Memory other = correct.get(random.nextInt(correct.size()));
    long offered = other.held.lastKey();
    if (offered > memory.executed && memory.executed <= memory.low + WINDOW) {
      memory.executed = offered;
      memory.hold(offered);
    }
  }

  private void vote(Memory memory, NewViewPlan plan) {
    int luck = 5 + random.nextInt(6);
    for (long s = memory.low + 1; s <= memory.low + WINDOW; s++) {
      int at = (int) (s - plan.start() - 1);
      if (at < 0 || random.nextInt(10) >= luck) {
        continue;
      }
      Digest digest = at < plan.choices().size() ? plan.choices().get(at) : fresh(s);
      known.computeIfAbsent(s, k -> new TreeSet<>()).add(digest);
      memory.accepted.put(s, digest);
      memory.prePrepared.computeIfAbsent(s, k -> new TreeMap<>()).put(digest, view);
    }
  }

  /** A traitor proposes one thing to some and another to others. */
  private Digest fresh(long s) {
    boolean traitor = quorums.primary(view) >= correct.size();
    return digest("fresh", s, view * 2 + (traitor ? random.nextInt(2) : 0));
  }

  /** Every prepared and committed certificate that f willing traitors make possible, at random. */
  private void count() {
    for (Map.Entry<Long, TreeSet<Digest>> at : known.entrySet()) {
      for (Digest digest : at.getValue()) {
        count(at.getKey(), digest);
      }
    }
    execute();
  }

  private void count(long s, Digest digest) {
    List<Memory> voters =
        correct.stream().filter(m -> digest.equals(m.accepted.get(s)) && m.low < s).toList();
    if (voters.size() + quorums.f() < quorums.quorum()) {
      return;
    }
    int prepared = 0;
    int luck = 1 + random.nextInt(9);
    for (Memory memory : voters) {
      if (random.nextInt(10) < luck) {
        memory.prepared.put(s, new ViewChange.Entry(s, digest, view));
        prepared++;
      }
    }
    if (prepared + quorums.f() >= quorums.quorum() && random.nextInt(4) > 0) {
      Digest earlier = committed.putIfAbsent(s, digest);
      if (earlier != null && !earlier.equals(digest)) {
        throw new AssertionError("two batches committed at " + s);
      }
    }
  }

  private void execute() {
    for (Memory memory : correct) {
      while (committed.containsKey(memory.executed + 1) && random.nextInt(4) > 0) {
        memory.executed++;
        boolean isCheckpoint = memory.executed % INTERVAL == 0;
        if (isCheckpoint && memory.executed >= memory.low) {
          memory.hold(memory.executed);
        }
      }
      if (random.nextInt(6) == 0) {
        fetch(memory);
      }
    }
    for (long s = INTERVAL; s <= 4 * WINDOW; s += INTERVAL) {
      long sequence = s;
      long voters = correct.stream().filter(m -> m.vouched.contains(sequence)).count();
      for (Memory memory : correct) {
        boolean mayKnow = voters + quorums.f() >= quorums.quorum() && random.nextBoolean();
        if (mayKnow && memory.executed >= s && memory.low < s) {
          memory.advance(s);
        }
      }
    }
  }

  private static Digest stateDigest(long sequence) {
    return digest("state", sequence, 0);
  }

  private static Digest digest(String what, long sequence, long which) {
    return Hasher.domain(what).putLong(sequence).putLong(which).digest();
  }
}
