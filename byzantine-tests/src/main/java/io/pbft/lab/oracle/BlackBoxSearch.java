package io.pbft.lab.oracle;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whether some order explains what clients saw, knowing nothing of how it came about: the search of
 * Wing and Gong with Lowe's memory of configurations (which operations are placed, in which state),
 * one key at a time. Exponential in the number of operations that overlap, hence the budget.
 *
 * @param <S> a model's state
 */
public final class BlackBoxSearch<S> {
  /** What the search found. */
  public enum Outcome {
    LINEARIZABLE,
    NOT_LINEARIZABLE,
    /** The budget is used up. */
    UNKNOWN
  }

  /** The outcome, and for which key when it is not {@link Outcome#LINEARIZABLE}. */
  public record Finding(Outcome outcome, String key) {}

  /** A call or a return in the list of what is not placed yet. */
  private static final class Event {
    private final int operation;
    private final boolean call;
    private final long at;
    private Event match;
    private Event before;
    private Event after;

    Event(int operation, boolean call, long at) {
      this.operation = operation;
      this.call = call;
      this.at = at;
    }

    void unlink() {
      before.after = after;
      if (after != null) {
        after.before = before;
      }
    }

    void relink() {
      before.after = this;
      if (after != null) {
        after.before = this;
      }
    }
  }

  private record Configuration<S>(BitSet placed, S state) {}

  private record Choice<S>(Event call, S stateBefore) {}

  private final Model<S> model;
  private final long budget;

  /**
   * @param budget steps that the search may take for each key
   */
  public BlackBoxSearch(Model<S> model, long budget) {
    this.model = model;
    this.budget = budget;
  }

  /** Searches; the first key that does not check ends it. */
  public Finding check(List<Operation> history) {
    Map<String, List<Operation>> byKey = new TreeMap<>();
    for (Operation each : history) {
      byKey.computeIfAbsent(model.key(each.input()), key -> new ArrayList<>()).add(each);
    }
    Finding unknown = null;
    for (Map.Entry<String, List<Operation>> each : byKey.entrySet()) {
      Outcome outcome = checkKey(each.getValue());
      if (outcome == Outcome.NOT_LINEARIZABLE) {
        return new Finding(outcome, each.getKey());
      }
      unknown = outcome == Outcome.UNKNOWN ? new Finding(outcome, each.getKey()) : unknown;
    }
    return unknown != null ? unknown : new Finding(Outcome.LINEARIZABLE, "");
  }

  private Outcome checkKey(List<Operation> operations) {
    Event head = link(operations);
    BitSet placed = new BitSet(operations.size());
    Set<Configuration<S>> seen = new HashSet<>();
    Deque<Choice<S>> choices = new ArrayDeque<>();
    S state = model.initial();
    Event at = head.after;
    long steps = 0;
    while (head.after != null) {
      if (++steps > budget) {
        return Outcome.UNKNOWN;
      }
      if (at != null && at.call) {
        Operation operation = operations.get(at.operation);
        S next = model.apply(state, operation.input(), operation.output());
        if (next != null && seen.add(with(placed, at.operation, next))) {
          choices.push(new Choice<>(at, state));
          placed.set(at.operation);
          state = next;
          at.unlink();
          at.match.unlink();
          at = head.after;
        } else {
          at = at.after;
        }
        continue;
      }
      // A return whose operation is not placed: it had to come before, so go back.
      if (choices.isEmpty()) {
        return Outcome.NOT_LINEARIZABLE;
      }
      Choice<S> last = choices.pop();
      state = last.stateBefore();
      placed.clear(last.call().operation);
      last.call().match.relink();
      last.call().relink();
      at = last.call().after;
    }
    return Outcome.LINEARIZABLE;
  }

  private Configuration<S> with(BitSet placed, int operation, S state) {
    BitSet after = (BitSet) placed.clone();
    after.set(operation);
    return new Configuration<>(after, state);
  }

  /** Calls and returns by time, calls first at the same time: those that touch may overlap. */
  private static Event link(List<Operation> operations) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < operations.size(); i++) {
      Event call = new Event(i, true, operations.get(i).invokedAt());
      Event end = new Event(i, false, operations.get(i).completedAt());
      call.match = end;
      events.add(call);
      events.add(end);
    }
    events.sort(Comparator.<Event>comparingLong(e -> e.at).thenComparing(e -> !e.call));
    Event head = new Event(-1, false, Long.MIN_VALUE);
    Event last = head;
    for (Event each : events) {
      last.after = each;
      each.before = last;
      last = each;
    }
    return head;
  }
}
