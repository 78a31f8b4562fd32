package io.pbft.client;

import io.pbft.core.message.Message;
import io.pbft.core.message.Reason;
import io.pbft.core.spi.Transport;
import io.pbft.core.validation.Admission;
import io.pbft.core.validation.Gatekeeper;
import io.pbft.core.validation.Verified;
import io.pbft.crypto.MacKey;
import io.pbft.crypto.Principal;
import io.pbft.crypto.Session;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The receiving end of one session's links, on the transport's threads: admits what replicas send
 * and hands it to the owner. A replica that sends faster than the owner works loses what is above
 * its budget of bytes; the client asks again for what it needs.
 */
final class SessionLinks implements Transport.Listener {
  /** What the owner is told; all of it through the mailbox. */
  interface Owner {
    void connected(SessionLinks links, int replica, MacKey key);

    void disconnected(SessionLinks links, int replica);

    /** {@code handled} is to be run when the message has been worked on. */
    void delivered(SessionLinks links, Verified<? extends Message> message, Runnable handled);

    /** Nothing more is delivered at once. From the thread that delivered. */
    void burstEnded();
  }

  private static final long OVERHEAD_BYTES = 256;
  private static final int FRAMES = 2;

  private final long session;
  private final Gatekeeper gatekeeper;
  private final Refusals refusals;
  private final Owner owner;
  private final AtomicLongArray backlogBytes;
  private final long backlogLimit;

  SessionLinks(
      long session, int n, int frameBytes, Gatekeeper gatekeeper, Refusals refusals, Owner owner) {
    this.session = session;
    this.gatekeeper = gatekeeper;
    this.refusals = refusals;
    this.owner = owner;
    this.backlogBytes = new AtomicLongArray(n);
    this.backlogLimit = FRAMES * (frameBytes + OVERHEAD_BYTES);
  }

  @Override
  public void onPayload(Principal peer, long number, byte[] buffer, int offset, int length) {
    if (!isReplica(peer)) {
      return;
    }
    long cost = length + OVERHEAD_BYTES;
    if (backlogBytes.addAndGet(peer.id(), cost) > backlogLimit) {
      backlogBytes.addAndGet(peer.id(), -cost);
      refusals.refuse(Reason.PEER_THROTTLED, null, peer.id());
      return;
    }
    Admission admission = gatekeeper.admit(peer, buffer, offset, length);
    if (admission instanceof Admission.Admitted admitted) {
      owner.delivered(this, admitted.message(), () -> backlogBytes.addAndGet(peer.id(), -cost));
    } else {
      backlogBytes.addAndGet(peer.id(), -cost);
      Admission.Refused refused = (Admission.Refused) admission;
      refusals.refuse(refused.reason(), refused.type(), peer.id());
    }
  }

  @Override
  public void onBurstEnd() {
    owner.burstEnded();
  }

  @Override
  public void onConnected(Session connected) {
    if (isReplica(connected.peer()) && connected.session() == session) {
      owner.connected(this, connected.peer().id(), connected.requestKey());
    }
  }

  @Override
  public void onDisconnected(Principal peer, long number) {
    if (isReplica(peer) && number == session) {
      owner.disconnected(this, peer.id());
    }
  }

  @Override
  public void onRefused(Principal peer, Reason reason, String detail) {
    refusals.refuse(reason, null, peer == null ? -1 : peer.id());
  }

  private boolean isReplica(Principal peer) {
    boolean replica = peer.kind() == Principal.Kind.REPLICA && peer.id() < backlogBytes.length();
    if (!replica) {
      refusals.refuse(Reason.UNKNOWN_REPLICA, null, peer.id());
    }
    return replica;
  }
}
