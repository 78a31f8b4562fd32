package io.pbft.compare.sim;

import java.util.ArrayList;
import java.util.List;

/** Collects the effects of one step. */
public final class Outbox {
  private final int self;
  private final int nodes;
  private List<Effect> effects = new ArrayList<>();

  public Outbox(int self, int nodes) {
    this.self = self;
    this.nodes = nodes;
  }

  /** What has been collected since the last time. */
  public List<Effect> take() {
    List<Effect> taken = effects;
    effects = new ArrayList<>();
    return taken;
  }

  public void send(int to, Message message) {
    effects.add(new Effect.Send(to, message));
  }

  /** To all other nodes. */
  public void broadcast(Message message) {
    for (int to = 0; to < nodes; to++) {
      if (to != self) {
        send(to, message);
      }
    }
  }

  public void persist(Fact fact) {
    effects.add(new Effect.Persist(fact));
  }

  public void arm(String timer, long delayMicros) {
    effects.add(new Effect.Arm(timer, delayMicros));
  }

  public void cancel(String timer) {
    effects.add(new Effect.Cancel(timer));
  }

  public void deliver(long slot, Command command) {
    effects.add(new Effect.Deliver(slot, command));
  }
}
