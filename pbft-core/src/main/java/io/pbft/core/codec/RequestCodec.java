package io.pbft.core.codec;

import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Batch;
import io.pbft.core.message.ReadRequest;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Request;
import io.pbft.core.message.RequestAuthenticator;
import io.pbft.core.message.RequestMessage;
import io.pbft.core.message.Result;
import java.util.List;

/** Requests, batches and results. */
final class RequestCodec {
  private static final int SIGNATURE = 1;
  private static final int MACS = 2;
  private static final int SIGNATURE_BYTES = 64;
  private static final int MAX_REPLICAS = 1024;
  private static final int MIN_REQUEST_BYTES = 34;

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
      w.u8(SIGNATURE).fixed(signature.bytes());
    } else if (authenticated.authenticator() instanceof RequestAuthenticator.Macs macs) {
      w.u8(MACS).int32(macs.keyIds().length);
      for (int keyId : macs.keyIds()) {
        w.int32(keyId);
      }
      w.fixed(macs.tags());
    }
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

  static void write(Writer w, Batch batch) {
    w.int64(batch.time()).list(batch.requests(), RequestCodec::write);
  }

  static Batch readBatch(Reader r) throws Refusal {
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
    return new Batch(time, requests);
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
