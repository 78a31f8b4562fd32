package io.pbft.storage;

import io.pbft.core.codec.Codec;
import io.pbft.core.codec.Decoded;
import io.pbft.core.codec.Reader;
import io.pbft.core.codec.Refusal;
import io.pbft.core.codec.Writer;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.BatchBody;
import io.pbft.core.message.Envelope;
import io.pbft.core.message.Message;
import io.pbft.core.message.NewView;
import io.pbft.core.message.Reason;
import io.pbft.core.message.ViewChange;
import io.pbft.core.spi.LogRecord;
import java.util.Arrays;

/**
 * Log records to bytes and back: {@code version (1) | type (1) | body}. Messages inside are encoded
 * as they are on the wire. Each record has one encoding: its version is the lowest that has what it
 * needs, so that an older program refuses only what it could not read.
 *
 * <p>Thread safe.
 */
final class LogRecordCodec {
  private static final int FIRST_VERSION = 1;

  /** Requests that are signed together. */
  private static final int TREES_VERSION = 2;

  private static final int PRE_PREPARED = 1;
  private static final int PREPARED = 2;
  private static final int LEFT_VIEW = 3;
  private static final int ENTERED_VIEW = 4;
  private static final int CHECKPOINTED = 5;
  private static final int STABLE = 6;
  private static final int NO_AUTHOR = 0;
  private static final int MAX_PROOF = 1024;
  private static final int MIN_ENVELOPE_BYTES = 5;

  private final Codec codec;

  LogRecordCodec(Codec codec) {
    this.codec = codec;
  }

  Codec messages() {
    return codec;
  }

  byte[] encode(LogRecord fact) {
    Writer w = new Writer().u8(versionOf(fact));
    if (fact instanceof LogRecord.PrePrepared r) {
      w.u8(PRE_PREPARED).int64(r.view());
      w.sized(codec.encode(new BatchBody(r.sequence(), r.batch(), NO_AUTHOR)));
    } else if (fact instanceof LogRecord.Prepared r) {
      w.u8(PREPARED).int64(r.view()).int64(r.sequence()).digest(r.digest());
    } else if (fact instanceof LogRecord.LeftView r) {
      signed(w.u8(LEFT_VIEW), r.viewChange(), r.envelope());
    } else if (fact instanceof LogRecord.EnteredView r) {
      signed(w.u8(ENTERED_VIEW), r.newView(), r.envelope());
    } else if (fact instanceof LogRecord.Checkpointed r) {
      w.u8(CHECKPOINTED).int64(r.sequence()).digest(r.digest());
    } else if (fact instanceof LogRecord.Stable r) {
      w.u8(STABLE).int64(r.sequence()).digest(r.digest());
      w.list(r.proof(), (o, envelope) -> o.sized(codec.payload(envelope)));
    }
    return w.toBytes();
  }

  /** The envelope has the message in it, as the bytes that were signed: that is enough. */
  private void signed(Writer w, Message message, Envelope envelope) {
    if (!Arrays.equals(codec.encode(message), envelope.content())) {
      throw new IllegalArgumentException("the envelope does not hold its " + message.type());
    }
    w.sized(codec.payload(envelope));
  }

  /**
   * Decodes.
   *
   * @throws Refusal if the bytes are no record's encoding, or go beyond the cluster's limits
   */
  LogRecord decode(byte[] bytes) throws Refusal {
    Reader r = new Reader(bytes, 0, bytes.length, codec.limits());
    int version = r.u8();
    if (version != FIRST_VERSION && version != TREES_VERSION) {
      throw new Refusal(Reason.UNKNOWN_TYPE);
    }
    LogRecord fact = readBody(r.u8(), r);
    r.finish();
    if (version != versionOf(fact)) {
      throw new Refusal(Reason.NON_CANONICAL);
    }
    return fact;
  }

  private static int versionOf(LogRecord fact) {
    return fact instanceof LogRecord.PrePrepared r
            && r.batch().requests().stream().anyMatch(AuthenticatedRequest::isSignedInTree)
        ? TREES_VERSION
        : FIRST_VERSION;
  }

  private LogRecord readBody(int type, Reader r) throws Refusal {
    switch (type) {
      case PRE_PREPARED:
        long view = r.number();
        BatchBody body = message(BatchBody.class, r.sized(Integer.MAX_VALUE));
        if (body.replica() != NO_AUTHOR) {
          throw new Refusal(Reason.NON_CANONICAL);
        }
        return new LogRecord.PrePrepared(view, body.sequence(), body.batch());
      case PREPARED:
        return new LogRecord.Prepared(r.number(), r.number(), r.digest());
      case LEFT_VIEW:
        Envelope left = envelope(r);
        return new LogRecord.LeftView(message(ViewChange.class, left.content()), left);
      case ENTERED_VIEW:
        Envelope entered = envelope(r);
        return new LogRecord.EnteredView(message(NewView.class, entered.content()), entered);
      case CHECKPOINTED:
        return new LogRecord.Checkpointed(r.number(), r.digest());
      case STABLE:
        return new LogRecord.Stable(
            r.number(), r.digest(), r.list(MAX_PROOF, MIN_ENVELOPE_BYTES, this::envelope));
      default:
        throw new Refusal(Reason.UNKNOWN_TYPE);
    }
  }

  private Envelope envelope(Reader r) throws Refusal {
    byte[] payload = r.sized(Integer.MAX_VALUE);
    Envelope envelope = codec.envelope(payload, 0, payload.length);
    if (envelope == null) {
      throw new Refusal(Reason.MALFORMED);
    }
    return envelope;
  }

  private <M extends Message> M message(Class<M> type, byte[] content) throws Refusal {
    Decoded decoded = codec.decode(content);
    if (decoded instanceof Decoded.Failed failed) {
      throw new Refusal(failed.reason());
    }
    Message message = ((Decoded.Ok) decoded).message();
    if (!type.isInstance(message)) {
      throw new Refusal(Reason.UNKNOWN_TYPE);
    }
    return type.cast(message);
  }
}
