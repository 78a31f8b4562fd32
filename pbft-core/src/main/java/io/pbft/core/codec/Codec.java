package io.pbft.core.codec;

import io.pbft.core.message.BatchBody;
import io.pbft.core.message.Busy;
import io.pbft.core.message.Checkpoint;
import io.pbft.core.message.Chunks;
import io.pbft.core.message.Commit;
import io.pbft.core.message.Committed;
import io.pbft.core.message.Complaint;
import io.pbft.core.message.Envelope;
import io.pbft.core.message.FetchBatch;
import io.pbft.core.message.FetchChunks;
import io.pbft.core.message.FetchViewChange;
import io.pbft.core.message.Message;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.NewView;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.Prepare;
import io.pbft.core.message.ReadReply;
import io.pbft.core.message.ReadRequest;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Relay;
import io.pbft.core.message.ReplicaMessage;
import io.pbft.core.message.Reply;
import io.pbft.core.message.RequestMessage;
import io.pbft.core.message.Result;
import io.pbft.core.message.Status;
import io.pbft.core.message.StatusQuery;
import io.pbft.core.message.StatusReport;
import io.pbft.core.message.ViewChange;
import io.pbft.crypto.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Messages to bytes and back. The content of a message is {@code type (1) | author (4) | body}; a
 * payload (what a link carries, and MACs) is {@code signature length (1: 0 or 64) | signature |
 * content}.
 *
 * <p>Thread safe.
 */
public final class Codec {
  private static final int SIGNATURE_BYTES = 64;
  private static final int HEAD_BYTES = 1 + Integer.BYTES;
  private static final int REPLY_BYTES = 3 * Long.BYTES + Integer.BYTES + Digest.LENGTH + 1;
  private static final int OTHER_BYTES = 256;
  private static final int MAX_CLAIMS = 1 << 16;
  private static final int MAX_TEXT_BYTES = 4096;
  private static final int MAX_COUNTERS = 256;

  /** What a reply says, besides the digest of the result. */
  private static final int HAS_RESULT = 1;

  private static final int IS_TENTATIVE = 2;

  private final Limits limits;
  private final boolean strict;

  public Codec(Limits limits) {
    this(limits, true);
  }

  /**
   * For tests.
   *
   * @param strict whether bytes behind a message's end are refused
   */
  public Codec(Limits limits, boolean strict) {
    this.limits = limits;
    this.strict = strict;
  }

  public Limits limits() {
    return limits;
  }

  /** The payload that carries an envelope over a link. */
  public byte[] payload(Envelope envelope) {
    byte[] signature = envelope.signature();
    byte[] content = envelope.content();
    byte[] payload = new byte[1 + signature.length + content.length];
    payload[0] = (byte) signature.length;
    System.arraycopy(signature, 0, payload, 1, signature.length);
    System.arraycopy(content, 0, payload, 1 + signature.length, content.length);
    return payload;
  }

  /** The payload of a message that is not signed; without the copies of an envelope. */
  public byte[] unsignedPayload(Message message) {
    return write(new Writer(1 + sizeOf(message)).u8(0), message);
  }

  /** Whether a payload claims to carry no signature, so that its content starts right after. */
  public static boolean isUnsigned(byte[] payload, int offset, int length) {
    return length > 0 && payload[offset] == 0;
  }

  /** The envelope in a payload, or null when the payload is malformed. Copies. */
  public Envelope envelope(byte[] payload, int offset, int length) {
    int content = contentOffset(payload, offset, length);
    return content < 0
        ? null
        : new Envelope(
            Arrays.copyOfRange(payload, content, offset + length),
            Arrays.copyOfRange(payload, offset + 1, content));
  }

  /** Where the content of a payload begins, -1 when the payload is malformed. */
  public static int contentOffset(byte[] payload, int offset, int length) {
    if (length < 1) {
      return -1;
    }
    int signatureBytes = payload[offset] & 0xff;
    boolean malformed =
        (signatureBytes != 0 && signatureBytes != SIGNATURE_BYTES) || length < 1 + signatureBytes;
    return malformed ? -1 : offset + 1 + signatureBytes;
  }

  /** The content of a message: its one canonical encoding. */
  public byte[] encode(Message message) {
    return write(new Writer(sizeOf(message)), message);
  }

  /** How long the content of a message that there are many of will be; a guess for others. */
  private static int sizeOf(Message message) {
    if (message instanceof Prepare || message instanceof Commit) {
      return HEAD_BYTES + 2 * Long.BYTES + Digest.LENGTH;
    }
    if (message instanceof Reply m) {
      int result = m.result() == null ? 0 : RequestCodec.sizeOf(m.result());
      return HEAD_BYTES + REPLY_BYTES + result;
    }
    if (message instanceof PrePrepare m) {
      return HEAD_BYTES + 2 * Long.BYTES + Digest.LENGTH + RequestCodec.sizeOf(m.batch());
    }
    if (message instanceof BatchBody m) {
      return HEAD_BYTES + Long.BYTES + RequestCodec.sizeOf(m.batch());
    }
    if (message instanceof RequestMessage m) {
      return HEAD_BYTES + 1 + RequestCodec.sizeOf(m.body());
    }
    return OTHER_BYTES;
  }

  private static byte[] write(Writer w, Message message) {
    w.u8(message.type().tag());
    if (message instanceof RequestMessage m) {
      RequestCodec.write(w.int32(m.request().client()), m);
    } else if (message instanceof ReadRequest m) {
      RequestCodec.write(w.int32(m.client()), m);
    } else if (message instanceof StatusQuery m) {
      w.int32(m.client()).int64(m.nonce());
    } else if (message instanceof ReplicaMessage m) {
      w.int32(m.replica());
      if (!writeAgreement(w, m)) {
        writeCatchUp(w, m);
      }
    }
    return w.toBytes();
  }

  private static boolean writeAgreement(Writer w, ReplicaMessage message) {
    if (message instanceof Prepare m) {
      w.int64(m.view()).int64(m.sequence()).digest(m.digest());
    } else if (message instanceof Commit m) {
      w.int64(m.view()).int64(m.sequence()).digest(m.digest());
    } else if (message instanceof PrePrepare m) {
      w.int64(m.view()).int64(m.sequence()).digest(m.digest());
      RequestCodec.write(w, m.batch());
    } else if (message instanceof Reply m) {
      writeReply(w, m);
    } else if (message instanceof Checkpoint m) {
      w.int64(m.sequence()).digest(m.digest());
    } else if (message instanceof ViewChange m) {
      ViewChangeCodec.write(w, m);
    } else if (message instanceof NewView m) {
      ViewChangeCodec.write(w, m);
    } else if (message instanceof ReadReply m) {
      w.int64(m.session()).int64(m.nonce()).int64(m.executed()).digest(m.resultDigest());
      writeOptional(w, m.result());
    } else if (message instanceof Busy m) {
      w.int64(m.session()).int64(m.timestamp()).bool(m.mustSign()).int64(m.room());
    } else {
      return false;
    }
    return true;
  }

  private static void writeCatchUp(Writer w, ReplicaMessage message) {
    if (message instanceof Status m) {
      w.int64(m.view())
          .bool(m.active())
          .int64(m.stable())
          .int64(m.executed())
          .int64(m.nonce())
          .u8(m.complaint().code());
    } else if (message instanceof FetchBatch m) {
      w.int64(m.sequence()).digest(m.digest());
    } else if (message instanceof BatchBody m) {
      RequestCodec.write(w.int64(m.sequence()), m.batch());
    } else if (message instanceof Committed m) {
      w.int64(m.first()).list(m.digests(), Writer::digest);
    } else if (message instanceof FetchViewChange m) {
      w.int64(m.view()).int32(m.author()).digest(m.digest());
    } else if (message instanceof Relay m) {
      ViewChangeCodec.write(w, m);
    } else if (message instanceof FetchChunks m) {
      w.int64(m.sequence()).int64(m.ticket()).list(m.digests(), Writer::digest);
    } else if (message instanceof Chunks m) {
      w.int64(m.ticket()).list(m.chunks(), Writer::sized);
    } else if (message instanceof StatusReport m) {
      writeReport(w, m);
    } else {
      throw new IllegalStateException("no encoding for " + message.type());
    }
  }

  private static void writeReply(Writer w, Reply m) {
    w.int64(m.view())
        .int32(m.client())
        .int64(m.session())
        .int64(m.timestamp())
        .digest(m.resultDigest())
        .u8((m.result() == null ? 0 : HAS_RESULT) | (m.isTentative() ? IS_TENTATIVE : 0));
    if (m.isTentative()) {
      w.int64(m.tentative());
    }
    if (m.result() != null) {
      RequestCodec.write(w, m.result());
    }
  }

  private static void writeOptional(Writer w, Result result) {
    w.bool(result != null);
    if (result != null) {
      RequestCodec.write(w, result);
    }
  }

  private static void writeReport(Writer w, StatusReport m) {
    w.int64(m.nonce())
        .int64(m.view())
        .bool(m.active())
        .int64(m.lastExecuted())
        .int64(m.stableCheckpoint())
        .int32(m.logSize())
        .int32(m.peersConnected())
        .int64(m.divergences())
        .sized(m.waitingFor().getBytes(StandardCharsets.UTF_8))
        .list(
            m.refusals(),
            (o, c) -> o.sized(c.reason().getBytes(StandardCharsets.UTF_8)).int64(c.count()));
  }

  /** Decodes a content; total: hostile bytes give a reason, never an exception. */
  public Decoded decode(byte[] content, int offset, int length) {
    try {
      Reader r = new Reader(content, offset, length, limits, strict);
      MessageType type = MessageType.ofTag(r.u8());
      if (type == null) {
        return new Decoded.Failed(Reason.UNKNOWN_TYPE);
      }
      Message message = readBody(type, r.count(), r);
      r.finish();
      return new Decoded.Ok(message);
    } catch (Refusal refusal) {
      return new Decoded.Failed(refusal.reason());
    }
  }

  public Decoded decode(byte[] content) {
    return decode(content, 0, content.length);
  }

  private Message readBody(MessageType type, int author, Reader r) throws Refusal {
    return switch (type) {
      case REQUEST -> readRequest(author, r);
      case READ_REQUEST -> RequestCodec.readReadRequest(author, r);
      case STATUS_QUERY -> new StatusQuery(author, r.number());
      case PRE_PREPARE ->
          new PrePrepare(r.number(), r.number(), r.digest(), RequestCodec.readBatch(r), author);
      case PREPARE -> new Prepare(r.number(), r.number(), r.digest(), author);
      case COMMIT -> new Commit(r.number(), r.number(), r.digest(), author);
      case REPLY -> readReply(author, r);
      case CHECKPOINT -> new Checkpoint(r.number(), r.digest(), author);
      case VIEW_CHANGE -> ViewChangeCodec.readViewChange(author, r);
      case NEW_VIEW -> ViewChangeCodec.readNewView(author, r);
      case STATUS ->
          new Status(
              r.number(), r.bool(), r.number(), r.number(), r.number(), complaint(r), author);
      case FETCH_BATCH -> new FetchBatch(r.number(), r.digest(), author);
      case BATCH_BODY -> new BatchBody(r.number(), RequestCodec.readBatch(r), author);
      case COMMITTED ->
          new Committed(r.number(), r.list(MAX_CLAIMS, Digest.LENGTH, Reader::digest), author);
      case FETCH_VIEW_CHANGE -> new FetchViewChange(r.number(), r.count(), r.digest(), author);
      case RELAY -> ViewChangeCodec.readRelay(author, r);
      case FETCH_CHUNKS ->
          new FetchChunks(
              r.number(),
              r.number(),
              r.list(FetchChunks.MAX_DIGESTS, Digest.LENGTH, Reader::digest),
              author);
      case CHUNKS ->
          new Chunks(
              r.number(),
              r.list(FetchChunks.MAX_DIGESTS, Integer.BYTES, in -> in.sized(limits.frameBytes())),
              author);
      case READ_REPLY ->
          new ReadReply(r.number(), r.number(), r.number(), r.digest(), readOptional(r), author);
      case STATUS_REPORT -> readReport(author, r);
      case BUSY -> new Busy(r.number(), r.number(), r.bool(), r.number(), author);
    };
  }

  private static Message readRequest(int author, Reader r) throws Refusal {
    RequestMessage message = RequestCodec.readMessage(r);
    if (message.request().client() != author) {
      throw new Refusal(Reason.MALFORMED);
    }
    return message;
  }

  private static Reply readReply(int author, Reader r) throws Refusal {
    long view = r.number();
    int client = r.count();
    long session = r.number();
    long timestamp = r.number();
    Digest digest = r.digest();
    int parts = r.u8();
    if (parts > (HAS_RESULT | IS_TENTATIVE)) {
      throw new Refusal(Reason.NON_CANONICAL);
    }
    long tentative = (parts & IS_TENTATIVE) == 0 ? Reply.FINAL : r.number();
    if (tentative == Reply.FINAL && (parts & IS_TENTATIVE) != 0) {
      throw new Refusal(Reason.NON_CANONICAL);
    }
    Result result = (parts & HAS_RESULT) == 0 ? null : RequestCodec.readResult(r);
    return new Reply(view, client, session, timestamp, digest, result, tentative, author);
  }

  private static Result readOptional(Reader r) throws Refusal {
    return r.bool() ? RequestCodec.readResult(r) : null;
  }

  private static Complaint complaint(Reader r) throws Refusal {
    Complaint complaint = Complaint.ofCode(r.u8());
    if (complaint == null) {
      throw new Refusal(Reason.MALFORMED);
    }
    return complaint;
  }

  private static StatusReport readReport(int author, Reader r) throws Refusal {
    return new StatusReport(
        r.number(),
        r.number(),
        r.bool(),
        r.number(),
        r.number(),
        r.count(),
        r.count(),
        r.number(),
        text(r),
        r.list(MAX_COUNTERS, 12, in -> new StatusReport.Count(text(in), in.number())),
        author);
  }

  private static String text(Reader r) throws Refusal {
    byte[] bytes = r.sized(MAX_TEXT_BYTES);
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
      throw new Refusal(Reason.NON_CANONICAL);
    }
    return text;
  }
}
