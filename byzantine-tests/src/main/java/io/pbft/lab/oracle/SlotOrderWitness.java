package io.pbft.lab.oracle;

import io.pbft.core.message.Result;
import io.pbft.core.spi.ExecutionContext;
import io.pbft.core.spi.StateMachine;
import io.pbft.lab.sim.Ledger;
import io.pbft.lab.sim.Simulation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Linearizability in linear time: the order of the sequence numbers is offered as the witness. It
 * is one if every client got what its operation's place in it gives, no operation is placed before
 * one that had completed when it was asked for, and for each fast read there is a place between the
 * two where the state gives what it returned. Reads take the first place that fits, which leaves
 * the most room to later ones.
 *
 * <p>This is stricter than linearizability in that the order is given, and it holds for correct
 * replicas: what they execute is the only order there is.
 */
public final class SlotOrderWitness {
  private record Place(long sequence, int index) implements Comparable<Place> {
    static final Place START = new Place(0, Integer.MAX_VALUE);

    @Override
    public int compareTo(Place other) {
      int bySequence = Long.compare(sequence, other.sequence);
      return bySequence != 0 ? bySequence : Integer.compare(index, other.index);
    }
  }

  private final Simulation world;
  private final History history;
  private final List<Ledger.Entry> order;
  private final TreeMap<Long, Map<String, Result>> answers = new TreeMap<>();

  private SlotOrderWitness(Simulation world, History history) {
    this.world = world;
    this.history = history;
    this.order = world.ledger().entries();
  }

  /** What contradicts the order, in words; empty when nothing does. */
  public static List<String> check(Simulation world, History history) {
    return new SlotOrderWitness(world, history).check(history.items());
  }

  private List<String> check(List<History.Item> items) {
    answerReads(items);
    List<String> wrong = new ArrayList<>();
    List<History.Item> byCompletion = new ArrayList<>(items);
    byCompletion.removeIf(item -> !item.isComplete());
    byCompletion.sort(Comparator.comparingLong(History.Item::completedAt));
    Map<History.Item, Place> places = new HashMap<>();
    Place latest = Place.START;
    int done = 0;
    for (History.Item item : items) {
      // Operations that had completed strictly before this one was asked for come before it.
      while (done < byCompletion.size()
          && byCompletion.get(done).completedAt() < item.invocation().atMicros()) {
        Place place = places.get(byCompletion.get(done++));
        latest = place != null && place.compareTo(latest) > 0 ? place : latest;
      }
      if (item.isComplete()) {
        places.put(item, place(item, latest, wrong));
      }
    }
    return wrong;
  }

  private Place place(History.Item item, Place latest, List<String> wrong) {
    boolean beside = item.invocation().timestamp() == 0;
    return beside ? placeRead(item, latest, wrong) : placeOrdered(item, latest, wrong);
  }

  private Place placeOrdered(History.Item item, Place latest, List<String> wrong) {
    var invocation = item.invocation();
    Ledger.Entry entry =
        world.ledger().find(invocation.client(), invocation.session(), invocation.timestamp());
    if (history.isUndecided(item)) {
      // It is at the end of what is decided; for how long it may be, the liveness oracle knows.
      return null;
    }
    if (entry == null) {
      wrong.add(invocation + " was acknowledged, and no correct replica has executed it");
      return null;
    }
    Place place = new Place(entry.sequence(), entry.index());
    if (!entry.result().digest().equals(item.result().digest())) {
      wrong.add(invocation + " got another result than its execution at " + entry.sequence());
    }
    if (place.compareTo(latest) <= 0) {
      wrong.add(
          invocation
              + " is ordered at "
              + entry.sequence()
              + ", not after what had completed before it, at "
              + latest.sequence());
    }
    return place;
  }

  private Place placeRead(History.Item item, Place latest, List<String> wrong) {
    String asked = key(item.invocation().operation());
    for (var state : answers.tailMap(latest.sequence(), true).entrySet()) {
      Result there = state.getValue().get(asked);
      if (there != null && there.digest().equals(item.result().digest())) {
        return new Place(state.getKey(), Integer.MAX_VALUE);
      }
    }
    wrong.add(
        item.invocation() + " returned what no state from " + latest.sequence() + " on gives");
    return null;
  }

  /** Replays the order and notes, after each batch, what each read that was made would give. */
  private void answerReads(List<History.Item> items) {
    TreeSet<String> reads = new TreeSet<>();
    Map<String, byte[]> bytes = new HashMap<>();
    for (History.Item item : items) {
      if (item.isComplete() && item.invocation().timestamp() == 0) {
        String asked = key(item.invocation().operation());
        reads.add(asked);
        bytes.put(asked, item.invocation().operation());
      }
    }
    if (reads.isEmpty()) {
      return;
    }
    StateMachine machine = world.newMachine();
    answers.put(0L, ask(machine, reads, bytes));
    for (int i = 0; i < order.size(); i++) {
      Replay.apply(machine, order.get(i));
      long sequence = order.get(i).sequence();
      if (i + 1 == order.size() || order.get(i + 1).sequence() != sequence) {
        answers.put(sequence, ask(machine, reads, bytes));
      }
    }
    // Between batches with requests, states do not change: a null batch has its predecessor's.
    for (long s = 1; s <= world.ledger().last(); s++) {
      answers.putIfAbsent(s, answers.floorEntry(s).getValue());
    }
  }

  private static Map<String, Result> ask(
      StateMachine machine, TreeSet<String> reads, Map<String, byte[]> bytes) {
    Map<String, Result> all = new HashMap<>();
    for (String each : reads) {
      all.put(each, new Result(Result.Outcome.OK, machine.query(bytes.get(each))));
    }
    return all;
  }

  private static String key(byte[] operation) {
    return new String(operation, java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  /** Executes once more what correct replicas have executed. */
  static final class Replay {
    private Replay() {}

    static void apply(StateMachine machine, Ledger.Entry entry) {
      var request = entry.request();
      try {
        if (request.kind() == io.pbft.core.message.Request.Kind.WRITE) {
          machine.execute(
              request.operation().clone(),
              new ExecutionContext(entry.sequence(), entry.timeMillis(), request.client()));
        }
      } catch (RuntimeException e) {
        // Its result is FAILED, at every replica; the state is what it left.
        return;
      }
    }
  }
}
