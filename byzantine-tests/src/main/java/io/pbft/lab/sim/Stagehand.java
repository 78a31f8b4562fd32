package io.pbft.lab.sim;

import io.pbft.core.Observation;
import io.pbft.core.codec.Codec;
import io.pbft.core.message.Message;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Request;
import io.pbft.core.validation.Sealer;
import io.pbft.crypto.Principal;

/**
 * What a script may do to a world from outside: act later, send in the name of a link's owner,
 * deliver what the network took away. It forges no keys: what it seals, it seals with the key that
 * it is asked for.
 */
public final class Stagehand {
  private final Simulation world;

  public Stagehand(Simulation world) {
    this.world = world;
  }

  /** Microseconds of virtual time since the start. */
  public long nowMicros() {
    return world.queue().now();
  }

  /** Does something later. */
  public void after(long micros, Runnable action) {
    world.queue().in(micros, action);
  }

  public Codec codec() {
    return world.assembly().codec();
  }

  /** Seals with a replica's key: for its own traitor, or one that colludes with it. */
  public Sealer sealerOfReplica(int id) {
    return world.assembly().sealer(world.assembly().keys().ofReplica(id));
  }

  /** As {@link #sealerOfReplica}, for another cluster than this one. */
  public Sealer foreignSealerOfReplica(int id) {
    return world.assembly().foreignSealer(world.assembly().keys().ofReplica(id));
  }

  /** Seals with a client's key: for that client. */
  public Sealer sealerOfClient(int id) {
    return world.assembly().sealer(world.assembly().keys().ofClient(id));
  }

  /** Sends payload bytes over a link of {@code from}. */
  public void send(Principal from, Principal to, Message shown, byte[] payload) {
    world.reports().onSend(from, to, shown, payload);
    world.network().send(from, to, payload);
  }

  /** Hands payload bytes to a receiver now, as if {@code from}'s link had brought them. */
  public void deliver(Principal from, Principal to, byte[] payload) {
    world.network().deliverNow(from, to, payload);
  }

  /** The receiver's link refuses a frame. */
  public void refuse(int replica, Reason reason, MessageType type, int sender) {
    world.reports().observe(world.replica(replica), new Observation.Refused(reason, type, sender));
  }

  /** From now on the request counts as one that the client made. */
  public void vouch(Request request) {
    if (request.client() < world.clientCount()) {
      world.client(request.client()).vouch(request);
    }
  }
}
