package io.pbft.core.driver;

import io.pbft.core.message.Busy;
import io.pbft.core.message.Checkpoint;
import io.pbft.core.message.Message;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.ReadReply;
import io.pbft.core.message.ReadRequest;
import io.pbft.core.message.Reason;
import io.pbft.core.message.ReplicaMessage;
import io.pbft.core.message.RequestMessage;
import io.pbft.core.spi.Transport;
import io.pbft.core.validation.Admission;
import io.pbft.core.validation.Gatekeeper;
import io.pbft.core.validation.RequestKeyring;
import io.pbft.core.validation.Sealer;
import io.pbft.core.validation.Verified;
import io.pbft.crypto.Principal;
import io.pbft.crypto.Session;
import java.util.Arrays;

/**
 * Where payloads come in, on the transport's threads: verified here, so that this costly work is
 * spread over them, and queued for the owner thread. What does not fit in the inbox is refused and
 * counted: a client is told {@code Busy}, a replica is told nothing, the status exchange makes up
 * for it.
 *
 * <p>Checkpoints wait for {@link #admitCheckpoint}: all replicas send theirs at the same time, and
 * operations would wait for the checks of their signatures, though no operation needs them before
 * the window is full. Those of what is stable already are dropped unchecked.
 */
final class Door implements Transport.Listener {
  private final int self;
  private final Gatekeeper gatekeeper;
  private final RequestKeyring requestKeys;
  private final Sealer sealer;
  private final Inbox inbox;
  private final RefusalCounters refusals;
  private final ReplicaListener listener;
  private final PeerLinks peers;
  private final Runnable burstEnd;
  private final Checkpoints checkpoints;
  private final DriverClock clock;
  private volatile Transport transport;
  private volatile boolean closed;

  /** The last stable checkpoint: nothing can be learned from those up to it. */
  private volatile long stable;

  Door(
      ReplicaDriver.Parts parts,
      Inbox inbox,
      RefusalCounters refusals,
      ReplicaListener listener,
      PeerLinks peers,
      Runnable burstEnd,
      Runnable checkpointWaits) {
    this.self = parts.replica();
    this.gatekeeper = parts.gatekeeper();
    this.requestKeys = parts.requestKeys();
    this.sealer = parts.sealer();
    this.inbox = inbox;
    this.refusals = refusals;
    this.listener = listener;
    this.peers = peers;
    this.burstEnd = burstEnd;
    this.checkpoints = new Checkpoints(parts.protocol(), checkpointWaits);
    this.clock = parts.clock();
  }

  /** From now on clients that find no room are told so. */
  void open(Transport through) {
    transport = through;
  }

  /** A checkpoint has become stable. */
  void onStable(long sequence) {
    stable = sequence;
  }

  /** Nothing gets in any more. */
  void close() {
    closed = true;
  }

  @Override
  public void onPayload(Principal peer, long session, byte[] buffer, int offset, int length) {
    if (closed) {
      return;
    }
    if (Gatekeeper.claimedType(buffer, offset, length) == MessageType.CHECKPOINT
        && peer.kind() == Principal.Kind.REPLICA
        && length <= Checkpoints.MAX_BYTES) {
      byte[] payload = Arrays.copyOfRange(buffer, offset, offset + length);
      if (!checkpoints.offer(new Checkpoints.Waiting(peer, session, payload, clock.nanos()))) {
        refuse(
            Reason.PEER_THROTTLED, MessageType.CHECKPOINT, peer, "too many wait for their check");
      }
      return;
    }
    admit(peer, session, buffer, offset, length);
  }

  /**
   * Checks the oldest checkpoint whose time has come, on the thread that calls. Should the check
   * fail by an exception, that costs this checkpoint: the thread is not the transport's, which
   * would give up the link.
   *
   * @return whether there was one
   */
  boolean admitCheckpoint() {
    long begun = clock.nanos();
    Checkpoints.Waiting next = checkpoints.poll(begun);
    if (next == null) {
      return false;
    }
    if (closed || isSettled(next.payload())) {
      return true;
    }
    try {
      admit(next.peer(), next.session(), next.payload(), 0, next.payload().length);
    } catch (RuntimeException bug) {
      refuse(Reason.MALFORMED, MessageType.CHECKPOINT, next.peer(), "its check failed");
      SafeListener.report(bug);
    }
    checkpoints.checked(begun, clock.nanos());
    return true;
  }

  /** The last of those that all replicas send comes too late to matter, most of the time. */
  private boolean isSettled(byte[] payload) {
    return gatekeeper.claimed(payload) instanceof Checkpoint it && it.sequence() <= stable;
  }

  /**
   * Nanoseconds until {@link #admitCheckpoint} has something to do, as far as is known; {@code
   * most} at the most.
   */
  long nanosUntilCheck(long most) {
    return checkpoints.nanosLeft(clock.nanos(), most);
  }

  private void admit(Principal peer, long session, byte[] buffer, int offset, int length) {
    Admission admission = gatekeeper.admit(peer, buffer, offset, length);
    if (admission instanceof Admission.Refused refused) {
      refuse(refused.reason(), refused.type(), peer, "");
      countRefusal(peer, length);
      return;
    }
    Verified<?> message = ((Admission.Admitted) admission).message();
    if (!inbox.offer(new Inbox.Arrival(message, peer, session, length))) {
      overflow(message, peer, session, length);
    }
  }

  @Override
  public void onBurstEnd() {
    if (!closed) {
      burstEnd.run();
    }
  }

  private void overflow(Verified<?> message, Principal peer, long session, int length) {
    MessageType type = message.message().type();
    if (peer.kind() == Principal.Kind.REPLICA) {
      refuse(Reason.PEER_THROTTLED, type, peer, "the inbox is full");
      return;
    }
    refuse(Reason.CLIENT_THROTTLED, type, peer, "the inbox is full");
    countRefusal(peer, length);
    Transport out = transport;
    ReplicaMessage answer = refusal(message.message());
    if (out != null && answer != null) {
      out.sendToClient(peer.id(), session, sealer.payload(answer));
      out.flush();
    }
  }

  /** What tells the client that there will be no answer, or null. */
  private ReplicaMessage refusal(Message message) {
    if (message instanceof RequestMessage m) {
      return new Busy(m.request().session(), m.request().timestamp(), false, 0, self);
    }
    return message instanceof ReadRequest read ? ReadReply.refusal(read, self) : null;
  }

  private void countRefusal(Principal peer, int length) {
    Transport out = transport;
    if (out != null && peer.kind() == Principal.Kind.CLIENT) {
      out.countRefusal(peer.id(), length);
    }
  }

  @Override
  public void onConnected(Session session) {
    if (session.peer().kind() == Principal.Kind.CLIENT) {
      requestKeys.put(session.peer().id(), session.session(), session.requestKey());
    } else {
      peers.set(session.peer().id(), true);
    }
    listener.onConnected(session.peer(), session.session());
  }

  @Override
  public void onDisconnected(Principal peer, long session) {
    if (peer.kind() == Principal.Kind.REPLICA) {
      peers.set(peer.id(), false);
    }
    listener.onDisconnected(peer, session);
  }

  @Override
  public void onRefused(Principal peer, Reason reason, String detail) {
    refusals.count(reason);
    listener.onLinkRefused(reason, peer, detail);
  }

  private void refuse(Reason reason, MessageType type, Principal peer, String detail) {
    refusals.count(reason);
    listener.onRefused(reason, type, peer, detail);
  }
}
