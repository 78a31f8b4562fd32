package io.pbft.node;

import io.pbft.core.Observation;
import io.pbft.core.driver.ReplicaListener;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.Reason;
import io.pbft.crypto.Principal;
import io.pbft.crypto.SigningKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an operator reads in the log: changes of view, trouble, and refusals at a bounded rate (one
 * line for each reason in ten seconds, with the number held back before it). The transport logs
 * what it refuses itself.
 */
final class ReplicaLog implements ReplicaListener {
  private static final Logger LOG = LoggerFactory.getLogger(PbftReplica.class);
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final class Silence {
    private long until;
    private long heldBack;
  }

  private final int id;
  private final LongSupplier nanos;
  private final Map<Reason, Silence> silences = new EnumMap<>(Reason.class);

  ReplicaLog(int id) {
    this(id, System::nanoTime);
  }

  ReplicaLog(int id, LongSupplier nanos) {
    this.id = id;
    this.nanos = nanos;
  }

  @Override
  public void onStarted() {
    LOG.info("replica {} started, signatures by {}", id, SigningKey.implementation());
  }

  @Override
  public void onStopped() {
    LOG.info("replica {} stopped", id);
  }

  @Override
  public void onFailed(Throwable failure) {
    if (failure instanceof IOException || failure instanceof UncheckedIOException) {
      LOG.error("replica {} stopped itself: {}", id, failure.getMessage());
      LOG.debug("the disk failed here", failure);
    } else {
      LOG.error("replica {} stopped itself: it can no longer trust what it would say", id, failure);
    }
  }

  @Override
  public void onRefused(Reason reason, MessageType type, Principal peer, String detail) {
    refusal(reason, type, String.valueOf(peer));
  }

  @Override
  public void onObservation(Observation observation) {
    if (observation instanceof Observation.Refused o) {
      refusal(o.reason(), o.type(), o.sender() < 0 ? "a client" : "replica " + o.sender());
    } else if (observation instanceof Observation.ViewChangeStarted o) {
      LOG.info("replica {} asks for view {}: {}", id, o.view(), o.cause());
    } else if (observation instanceof Observation.ViewEntered o) {
      LOG.info("replica {} is in view {}, primary is {}", id, o.view(), o.primary());
    } else if (isTrouble(observation)) {
      LOG.warn("replica {}: {}", id, observation);
    } else if (observation instanceof Observation.TransferStarted
        || observation instanceof Observation.TransferFinished) {
      LOG.info("replica {}: {}", id, observation);
    } else {
      LOG.trace("replica {}: {}", id, observation);
    }
  }

  private static boolean isTrouble(Observation observation) {
    return observation instanceof Observation.StateDiverged
        || observation instanceof Observation.Equivocation
        || observation instanceof Observation.DonorPassedOver;
  }

  private void refusal(Reason reason, MessageType type, String sender) {
    long heldBack = claimLine(reason);
    if (heldBack >= 0 && isOrdinary(reason)) {
      LOG.debug("replica {} refused {} of {}: {}", id, type, sender, reason);
    } else if (heldBack >= 0) {
      LOG.warn(
          "replica {} refused {} of {}: {} ({}); {} more held back",
          id,
          type,
          sender,
          reason,
          reason.meaning(),
          heldBack);
    }
  }

  /** What honest peers cause, too: late and repeated messages, and views that are changing. */
  private static boolean isOrdinary(Reason reason) {
    return switch (reason) {
      case STALE_REQUEST,
          DUPLICATE_REQUEST,
          WRONG_VIEW,
          OUT_OF_WINDOW,
          DUPLICATE_VOTE,
          NOT_ASKED_FOR,
          STALE_KEY,
          CLIENT_THROTTLED ->
          true;
      default -> false;
    };
  }

  /** How many lines were held back since the last one, or -1 when this one is to be, too. */
  private synchronized long claimLine(Reason reason) {
    long now = nanos.getAsLong();
    Silence silence = silences.get(reason);
    if (silence == null) {
      silence = new Silence();
      silences.put(reason, silence);
    } else if (now - silence.until < 0) {
      silence.heldBack++;
      return -1;
    }
    long heldBack = silence.heldBack;
    silence.heldBack = 0;
    silence.until = now + QUIET_NANOS;
    return heldBack;
  }
}
