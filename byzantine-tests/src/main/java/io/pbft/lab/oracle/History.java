package io.pbft.lab.oracle;

import io.pbft.core.message.Result;
import io.pbft.lab.sim.Invocation;
import io.pbft.lab.sim.RunListener;
import io.pbft.lab.sim.Simulation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the correct clients of a run asked for and got. */
public final class History implements RunListener {
  /** An invocation and what became of it so far. */
  static final class Item {
    private final Invocation invocation;
    private long completedAt = Operation.NEVER;
    private Result result;

    Item(Invocation invocation) {
      this.invocation = invocation;
    }

    Invocation invocation() {
      return invocation;
    }

    long completedAt() {
      return completedAt;
    }

    Result result() {
      return result;
    }

    boolean isComplete() {
      return result != null;
    }
  }

  private final Simulation world;
  private final Map<Invocation, Item> items = new LinkedHashMap<>();

  public History(Simulation world) {
    this.world = world;
  }

  @Override
  public void onInvoked(long atMicros, Invocation invocation) {
    items.put(invocation, new Item(invocation));
  }

  @Override
  public void onCompleted(long atMicros, Invocation invocation, Result result) {
    Item item = items.get(invocation);
    if (item != null) {
      item.completedAt = atMicros;
      item.result = result;
    }
  }

  /**
   * In the order in which they were asked for; those of clients that turned faulty are left out.
   */
  List<Item> items() {
    List<Item> correct = new ArrayList<>();
    for (Item each : items.values()) {
      if (!world.client(each.invocation.client()).isFaulty()) {
        correct.add(each);
      }
    }
    return correct;
  }

  /**
   * Whether it was acknowledged by tentative replies, and nothing is decided yet where it was
   * executed.
   */
  boolean isUndecided(Item item) {
    Invocation asked = item.invocation();
    return item.isComplete()
        && asked.timestamp() > 0
        && world.ledger().find(asked.client(), asked.session(), asked.timestamp()) == null
        && world.ledger().isOpen(asked.client(), asked.session(), asked.timestamp());
  }

  /** As a black-box checker wants it. */
  public List<Operation> operations() {
    return items().stream()
        .map(i -> Operation.of(i.invocation(), i.completedAt(), i.result()))
        .toList();
  }

  /** How many have a result. */
  public long completed() {
    return items().stream().filter(Item::isComplete).count();
  }
}
