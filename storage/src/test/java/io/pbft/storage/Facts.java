package io.pbft.storage;

import io.pbft.core.codec.Codec;
import io.pbft.core.codec.Limits;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Batch;
import io.pbft.core.message.Checkpoint;
import io.pbft.core.message.Envelope;
import io.pbft.core.message.Message;
import io.pbft.core.message.NewView;
import io.pbft.core.message.Request;
import io.pbft.core.message.RequestAuthenticator;
import io.pbft.core.message.ViewChange;
import io.pbft.core.spi.LogRecord;
import io.pbft.crypto.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Records as a replica writes them. */
final class Facts {
  static final Limits LIMITS = new Limits(80 * 1024, 1024, 1024, 4, 4096);
  static final Codec CODEC = new Codec(LIMITS);
  static final LogRecordCodec RECORDS = new LogRecordCodec(CODEC);
  static final Identity IDENTITY = new Identity(digest("cluster"), 2);

  private Facts() {}

  static Digest digest(String of) {
    return Digest.of(of.getBytes(StandardCharsets.UTF_8));
  }

  static Batch batch(long number, int operationBytes) {
    byte[] operation = new byte[operationBytes];
    Arrays.fill(operation, (byte) number);
    Request request = new Request(3, 1, number, 1, Request.Kind.WRITE, operation);
    Request other = new Request(4, 1, number, 1, Request.Kind.READ, new byte[0]);
    return new Batch(
        1000 + number,
        List.of(
            new AuthenticatedRequest(
                request, new RequestAuthenticator.Macs(new int[] {1, 0, 7, 9}, new byte[64])),
            new AuthenticatedRequest(other, new RequestAuthenticator.Signature(new byte[64]))));
  }

  static LogRecord prePrepared(long view, long sequence) {
    return new LogRecord.PrePrepared(view, sequence, batch(sequence, 20));
  }

  /** Of a request that its client has signed together with others. */
  static LogRecord prePreparedFromTree(long view, long sequence) {
    Request request = new Request(3, 1, sequence, 1, Request.Kind.WRITE, new byte[20]);
    RequestAuthenticator proof =
        new RequestAuthenticator.Signature(new byte[64], 2, new byte[2 * Digest.LENGTH]);
    Batch batch = new Batch(1000, List.of(new AuthenticatedRequest(request, proof)));
    return new LogRecord.PrePrepared(view, sequence, batch);
  }

  static LogRecord prepared(long view, long sequence) {
    return new LogRecord.Prepared(view, sequence, batch(sequence, 20).digest());
  }

  static LogRecord checkpointed(long sequence) {
    return new LogRecord.Checkpointed(sequence, digest("state " + sequence));
  }

  static LogRecord stable(long sequence) {
    List<Envelope> proof = new ArrayList<>();
    for (int replica = 0; replica < 3; replica++) {
      proof.add(signed(new Checkpoint(sequence, digest("state " + sequence), replica)));
    }
    return new LogRecord.Stable(sequence, digest("state " + sequence), proof);
  }

  static LogRecord leftView(long view) {
    ViewChange message =
        new ViewChange(
            view,
            8,
            List.of(new ViewChange.Held(8, digest("state 8"))),
            List.of(new ViewChange.Entry(9, digest("b9"), view - 1)),
            List.of(new ViewChange.Entry(9, digest("b9"), view - 1)),
            2);
    return new LogRecord.LeftView(message, signed(message));
  }

  static LogRecord enteredView(long view) {
    NewView message =
        new NewView(
            view,
            List.of(new NewView.Support(0, digest("vc0")), new NewView.Support(2, digest("vc2"))),
            8,
            digest("state 8"),
            List.of(digest("b9"), Batch.NULL.digest()),
            1);
    return new LogRecord.EnteredView(message, signed(message));
  }

  private static Envelope signed(Message message) {
    byte[] signature = new byte[64];
    Arrays.fill(signature, (byte) 0x5a);
    return new Envelope(CODEC.encode(message), signature);
  }

  /** One of every kind. */
  static List<LogRecord> everyKind() {
    return List.of(
        prePrepared(0, 1),
        prePreparedFromTree(0, 1),
        new LogRecord.PrePrepared(1, 2, Batch.NULL),
        prepared(0, 1),
        leftView(1),
        enteredView(1),
        checkpointed(8),
        stable(8));
  }

  /** What a replica writes for its n-th step, from 0: a plausible mixture. */
  static LogRecord nth(int n) {
    long sequence = 1L + n / 2;
    if (n % 37 == 36) {
      return leftView(1 + n / 37);
    } else if (n % 41 == 40) {
      return enteredView(1 + n / 41);
    }
    return n % 2 == 0 ? prePrepared(n / 37, sequence) : prepared(n / 37, sequence);
  }

  /** Records have no equality of their own; their encoding is canonical. */
  static List<String> texts(List<LogRecord> facts) {
    return facts.stream().map(fact -> Digest.of(RECORDS.encode(fact)).toHex()).toList();
  }

  static List<Entry> entries(long firstPosition, List<LogRecord> facts) {
    List<Entry> entries = new ArrayList<>();
    for (LogRecord fact : facts) {
      entries.add(new Entry.Fact(firstPosition + entries.size(), fact, RECORDS.encode(fact)));
    }
    return entries;
  }
}
