package io.pbft.core;

import java.util.List;

/**
 * A replica as a pure function of the events it is given.
 *
 * <p>The driver's duties:
 *
 * <ol>
 *   <li>Call {@link #step} from one thread at a time, first with {@link Event.Started}. Events
 *       carry the driver's clock, which never runs backwards.
 *   <li>Carry the effects out in the order of the list, and the lists in the order of the steps.
 *   <li>{@link Effect.Persist} is a barrier: no message effect after it (in this list or a later
 *       one) leaves the process before the record is durable. Other effects need not wait, and the
 *       next step need not either.
 *   <li>Each {@link Effect.Execute} is answered by one {@link Event.Executed}, in the same order;
 *       execution sees operations in the order of the effects. Each {@link Effect.TakeSnapshot} is
 *       answered by one {@link Event.SnapshotTaken}, in the same order, once the snapshot survives
 *       the process; or not at all, when a later one does so earlier, or when a state has been
 *       installed meanwhile: after {@link Event.SnapshotInstalled} nothing is told of snapshots
 *       that were asked for before. That, too, comes once the state survives the process, and
 *       operations are executed only after it.
 *   <li>A timer fires at most once for each {@link Effect.Arm}; arming a kind again replaces it.
 *   <li>{@link Event.LinkChanged} is a hint: it may be late, and the last word counts. A driver
 *       that knows of no links leaves it out.
 *   <li>Only a {@code Verified} message can be delivered; the one door that makes them is {@code
 *       validation.Gatekeeper}. Messages may be lost, delayed, repeated and reordered.
 * </ol>
 *
 * <p>The loop, without durability:
 *
 * <pre>{@code
 * queue.add(new Event.Started(clock.millis(), recovered));
 * while (running) {
 *   for (Effect effect : core.step(queue.take())) {
 *     perform(effect); // may add Executed, SnapshotTaken ... to the queue
 *   }
 * }
 * }</pre>
 */
public interface ReplicaCore {
  /**
   * Takes one event in.
   *
   * @return what to do, in order; valid until the next call
   */
  List<Effect> step(Event event);

  /** What an operator would ask; a snapshot, cheap to take. */
  CoreStatus status();
}
