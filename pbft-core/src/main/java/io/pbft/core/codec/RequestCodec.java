package io.pbft.core.codec;

import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Batch;
import io.pbft.core.message.ReadRequest;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Request;
import io.pbft.core.message.RequestAuthenticator;
import io.pbft.core.message.RequestMessage;
import io.pbft.core.message.Result;
import io.pbft.crypto.Digest;
import java.util.List;

/** Requests, batches and results. */
final class RequestCodec {
  private static final int SIGNATURE = 1;
  private static final int MACS = 2;
  private static final int TREE_SIGNATURE = 3;
  private static final int SIGNATURE_BYTES = 64;
  private static final int FIELDS_BYTES = 3 * Long.BYTES + 2 * Integer.BYTES + 1;
  private static final int MAX_REPLICAS = 1024;
  private static final int MIN_REQUEST_BYTES = 34;

  /** Longer batches are encoded anew each time: their copies cost more than that does. */
  private static final int MAX_KEPT_BYTES = 64 * 1024;

  private RequestCodec() {}

  static void write(Writer w, RequestMessage message) {
    w.bool(message.fullReplies());
    write(w, message.body());
  }

  static RequestMessage readMessage(Reader r) throws Refusal {
    boolean fullReplies = r.bool();
    return new RequestMessage(readRequest(r), fullReplies);
  }

  static void write(Writer w, AuthenticatedRequest authenticated) {
    Request request = authenticated.request();
    w.int32(request.client())
        .int64(request.session())
        .int64(request.timestamp())
        .int64(request.acknowledged())
        .u8(request.kind().code())
        .sized(request.operation());
    if (authenticated.authenticator() instanceof RequestAuthenticator.Signature signature) {
      write(w, signature);
    } else if (authenticated.authenticator() instanceof RequestAuthenticator.Macs macs) {
      w.u8(MACS).int32(macs.keyIds().length);
      for (int keyId : macs.keyIds()) {
        w.int32(keyId);
      }
      w.fixed(macs.tags());
    }
  }

  /** Each has one encoding: a tree has a level above its leaves, or there is none. */
  private static void write(Writer w, RequestAuthenticator.Signature signature) {
    int depth = signature.depth();
    if (depth == 0) {
      w.u8(SIGNATURE).fixed(signature.bytes());
    } else {
      w.u8(TREE_SIGNATURE).u8(depth).u8(signature.index());
      w.fixed(signature.bytes()).fixed(signature.path());
    }
  }

  private static int sizeOf(RequestAuthenticator.Signature signature) {
    int place = signature.depth() == 0 ? 0 : 2;
    return place + signature.bytes().length + signature.path().length;
  }

  static int sizeOf(AuthenticatedRequest authenticated) {
    int bytes = FIELDS_BYTES + authenticated.request().operation().length + 1;
    if (authenticated.authenticator() instanceof RequestAuthenticator.Signature signature) {
      return bytes + sizeOf(signature);
    }
    RequestAuthenticator.Macs macs = (RequestAuthenticator.Macs) authenticated.authenticator();
    return bytes + Integer.BYTES * (1 + macs.keyIds().length) + macs.tags().length;
  }

  static AuthenticatedRequest readRequest(Reader r) throws Refusal {
    int client = r.count();
    long session = positive(r.number());
    long timestamp = positive(r.number());
    long acknowledged = positive(r.number());
    if (acknowledged > timestamp) {
      throw new Refusal(Reason.MALFORMED);
    }
    Request.Kind kind = Request.Kind.ofCode(r.u8());
    if (kind == null) {
      throw new Refusal(Reason.MALFORMED);
    }
    byte[] operation = r.sized(r.limits().operationBytes());
    Request request = new Request(client, session, timestamp, acknowledged, kind, operation);
    return new AuthenticatedRequest(request, readAuthenticator(r));
  }

  private static long positive(long value) throws Refusal {
    if (value == 0) {
      throw new Refusal(Reason.MALFORMED);
    }
    return value;
  }

  private static RequestAuthenticator readAuthenticator(Reader r) throws Refusal {
    switch (r.u8()) {
      case SIGNATURE:
        return new RequestAuthenticator.Signature(r.fixed(SIGNATURE_BYTES));
      case TREE_SIGNATURE:
        return readTreeSignature(r);
      case MACS:
        int entries = r.count();
        if (entries > MAX_REPLICAS) {
          throw new Refusal(Reason.TOO_LARGE);
        }
        int[] keyIds = new int[entries];
        for (int i = 0; i < entries; i++) {
          keyIds[i] = r.int32();
        }
        return new RequestAuthenticator.Macs(
            keyIds, r.fixed(entries * RequestAuthenticator.Macs.TAG_LENGTH));
      default:
        throw new Refusal(Reason.MALFORMED);
    }
  }

  private static RequestAuthenticator readTreeSignature(Reader r) throws Refusal {
    int depth = r.u8();
    int index = r.u8();
    if (depth < 1 || depth > RequestAuthenticator.Signature.MAX_DEPTH || index >>> depth != 0) {
      throw new Refusal(Reason.MALFORMED);
    }
    byte[] signature = r.fixed(SIGNATURE_BYTES);
    return new RequestAuthenticator.Signature(signature, index, r.fixed(depth * Digest.LENGTH));
  }

  static int sizeOf(Batch batch) {
    byte[] encoding = batch.encoding();
    if (encoding != null) {
      return encoding.length;
    }
    int bytes = Long.BYTES + Integer.BYTES;
    for (AuthenticatedRequest request : batch.requests()) {
      bytes += sizeOf(request);
    }
    return bytes;
  }

  /** A short batch keeps its encoding, which a replica needs for the others, the disk and later. */
  static byte[] encode(Batch batch) {
    if (batch.encoding() != null) {
      return batch.encoding();
    }
    int bytes = sizeOf(batch);
    Writer w = new Writer(bytes).int64(batch.time()).list(batch.requests(), RequestCodec::write);
    byte[] encoding = w.toBytes();
    if (bytes <= MAX_KEPT_BYTES) {
      batch.keepEncoding(encoding);
    }
    return encoding;
  }

  static void write(Writer w, Batch batch) {
    if (batch.encoding() != null || sizeOf(batch) <= MAX_KEPT_BYTES) {
      w.fixed(encode(batch));
    } else {
      w.int64(batch.time()).list(batch.requests(), RequestCodec::write);
    }
  }

  static Batch readBatch(Reader r) throws Refusal {
    int begin = r.position();
    long time = r.number();
    List<AuthenticatedRequest> requests =
        r.list(r.limits().batchRequests(), MIN_REQUEST_BYTES, RequestCodec::readRequest);
    long bytes = 0;
    for (AuthenticatedRequest request : requests) {
      bytes += request.request().operation().length;
    }
    if (bytes > r.limits().batchBytes()) {
      throw new Refusal(Reason.TOO_LARGE);
    }
    Batch batch = new Batch(time, requests);
    if (r.position() - begin <= MAX_KEPT_BYTES) {
      batch.keepEncoding(r.since(begin));
    }
    return batch;
  }

  static int sizeOf(Result result) {
    return 1 + Integer.BYTES + result.bytes().length;
  }

  static void write(Writer w, Result result) {
    w.u8(result.outcome().code()).sized(result.bytes());
  }

  static Result readResult(Reader r) throws Refusal {
    Result.Outcome outcome = Result.Outcome.ofCode(r.u8());
    if (outcome == null) {
      throw new Refusal(Reason.MALFORMED);
    }
    return new Result(outcome, r.sized(r.limits().resultBytes()));
  }

  static void write(Writer w, ReadRequest read) {
    w.int64(read.session()).int64(read.nonce()).bool(read.fast()).sized(read.operation());
  }

  static ReadRequest readReadRequest(int client, Reader r) throws Refusal {
    return new ReadRequest(
        client, r.number(), r.number(), r.bool(), r.sized(r.limits().operationBytes()));
  }
}
