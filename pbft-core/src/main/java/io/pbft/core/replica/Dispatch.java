package io.pbft.core.replica;

import io.pbft.core.Effect;
import io.pbft.core.checkpoint.Checkpoints;
import io.pbft.core.message.BatchBody;
import io.pbft.core.message.Checkpoint;
import io.pbft.core.message.Chunks;
import io.pbft.core.message.Commit;
import io.pbft.core.message.Committed;
import io.pbft.core.message.FetchBatch;
import io.pbft.core.message.FetchChunks;
import io.pbft.core.message.FetchViewChange;
import io.pbft.core.message.Message;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.NewView;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.Prepare;
import io.pbft.core.message.ReadRequest;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Relay;
import io.pbft.core.message.RequestMessage;
import io.pbft.core.message.Status;
import io.pbft.core.message.ViewChange;
import io.pbft.core.normal.Ordering;
import io.pbft.core.runtime.Context;
import io.pbft.core.transfer.StateTransfer;
import io.pbft.core.transfer.StatusExchange;
import io.pbft.core.validation.Verified;
import io.pbft.core.viewchange.ViewChanger;
import io.pbft.crypto.Principal;

/** Hands each message to the part of the replica that it concerns. */
final class Dispatch {
  /** The parts. */
  interface Handler {
    Ordering ordering();

    Checkpoints checkpoints();

    ViewChanger viewChanger();

    StatusExchange exchange();

    StateTransfer transfer();

    void onRead(ReadRequest message);

    void onRequest(RequestMessage message, Principal sender);

    void onStatus(Status status);
  }

  private Dispatch() {}

  static void deliver(Verified<?> verified, Handler to, Context context) {
    Message message = verified.message();
    switch (message.type()) {
      case REQUEST -> to.onRequest((RequestMessage) message, verified.sender());
      case READ_REQUEST -> to.onRead((ReadRequest) message);
      case PRE_PREPARE -> to.ordering().onPrePrepare(cast(verified, PrePrepare.class));
      case PREPARE -> to.ordering().onPrepare((Prepare) message);
      case COMMIT -> to.ordering().onCommit((Commit) message);
      case CHECKPOINT -> to.checkpoints().onCheckpoint(cast(verified, Checkpoint.class));
      case VIEW_CHANGE -> to.viewChanger().onViewChange(cast(verified, ViewChange.class));
      case NEW_VIEW -> to.viewChanger().onNewView(cast(verified, NewView.class));
      case RELAY -> onRelay(cast(verified, Relay.class), to, context);
      default -> deliverCatchUp(message, to, context);
    }
  }

  private static void deliverCatchUp(Message message, Handler to, Context context) {
    if (message instanceof Status m) {
      to.onStatus(m);
    } else if (message instanceof Committed m) {
      to.exchange().onCommitted(m);
    } else if (message instanceof FetchBatch m) {
      to.exchange().onFetchBatch(m);
    } else if (message instanceof BatchBody m) {
      to.exchange().onBatchBody(m);
    } else if (message instanceof FetchViewChange m) {
      to.viewChanger().onFetch(m);
    } else if (message instanceof FetchChunks m) {
      to.exchange().onFetchChunks(m);
      context.emit(new Effect.SendChunks(m.replica(), m));
    } else if (message instanceof Chunks m) {
      to.transfer().onChunks(m);
    } else {
      context.refuse(Reason.UNEXPECTED_TYPE, message.type(), -1);
    }
  }

  private static void onRelay(Verified<Relay> relay, Handler to, Context context) {
    if (relay.faultOfParts() != null) {
      context.refuse(relay.faultOfParts(), MessageType.RELAY, relay.message().replica());
    }
    for (Verified<?> part : relay.parts()) {
      deliver(part, to, context);
    }
  }

  @SuppressWarnings("unchecked")
  private static <M extends Message> Verified<M> cast(Verified<?> verified, Class<M> type) {
    if (!type.isInstance(verified.message())) {
      throw new IllegalStateException(verified.message().type() + " is no " + type);
    }
    return (Verified<M>) verified;
  }
}
