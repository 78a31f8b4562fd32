package io.pbft.compare.sim;

import java.util.List;

/** A node with a handler for each kind of event, which leaves effects in {@link #out}. */
public abstract class HandlerNode implements Node {
  protected final int self;
  protected final int n;
  protected final Outbox out;

  protected HandlerNode(int self, int n) {
    this.self = self;
    this.n = n;
    this.out = new Outbox(self, n);
  }

  @Override
  public final List<Effect> step(Event event) {
    if (event instanceof Event.Started started) {
      onStart(started.journal());
    } else if (event instanceof Event.TimerFired fired) {
      onTimer(fired.timer());
    } else if (event instanceof Event.Delivered delivered) {
      onMessage(delivered.from(), delivered.message());
    }
    return out.take();
  }

  /** A life begins, with what earlier ones have persisted. */
  protected abstract void onStart(List<Fact> journal);

  protected abstract void onTimer(String timer);

  protected abstract void onMessage(int from, Message message);
}
