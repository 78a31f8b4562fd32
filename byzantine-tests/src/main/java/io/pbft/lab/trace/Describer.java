package io.pbft.lab.trace;

import io.pbft.core.codec.Codec;
import io.pbft.core.codec.Decoded;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Batch;
import io.pbft.core.message.BatchBody;
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
import io.pbft.core.message.ReadRequest;
import io.pbft.core.message.Relay;
import io.pbft.core.message.ReplicaMessage;
import io.pbft.core.message.Request;
import io.pbft.core.message.RequestMessage;
import io.pbft.core.message.Status;
import io.pbft.core.message.ViewChange;
import io.pbft.crypto.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** Messages as a reader of the papers would write them. */
final class Describer {
  private final Names names;
  private final Codec codec;

  Describer(Names names, Codec codec) {
    this.names = names;
    this.codec = codec;
  }

  static String type(MessageType type) {
    return type.name().replace('_', '-');
  }

  /** {@code digest}: of the sealed content, which names a view-change. */
  String message(Message message, Digest digest) {
    return type(message.type()) + " " + body(message, digest);
  }

  private String body(Message message, Digest digest) {
    if (message instanceof PrePrepare m) {
      String name =
          m.digest().equals(m.batch().digest()) ? names.batch(m.batch()) : names.batch(m.digest());
      return slot(m.view(), m.sequence()) + name + " " + requests(m.batch());
    }
    if (message instanceof Prepare m) {
      return slot(m.view(), m.sequence()) + names.batch(m.digest());
    }
    if (message instanceof Commit m) {
      return slot(m.view(), m.sequence()) + names.batch(m.digest());
    }
    if (message instanceof Checkpoint m) {
      return "s" + m.sequence() + " " + names.state(m.digest());
    }
    if (message instanceof ViewChange m) {
      names.viewChange(m.replica(), m.view(), digest);
      return viewChange(m);
    }
    return message instanceof NewView m ? newView(m) : other(message);
  }

  private static String slot(long view, long sequence) {
    return "v" + view + " s" + sequence + " ";
  }

  private String other(Message message) {
    if (message instanceof RequestMessage m) {
      return request(m.body());
    }
    if (message instanceof ReadRequest m) {
      return "#" + m.nonce() + " " + quote(m.operation()) + (m.fast() ? " fast" : " stale");
    }
    if (message instanceof Status m) {
      String asks =
          (m.active() ? "" : " (changing)")
              + (m.nonce() == 0 ? "" : " with a nonce")
              + (m.complaint() == Complaint.NONE ? "" : " complains " + m.complaint());
      return "v" + m.view() + " h" + m.stable() + " executed " + m.executed() + asks;
    }
    if (message instanceof FetchBatch m) {
      return "s" + m.sequence() + " " + names.batch(m.digest());
    }
    if (message instanceof BatchBody m) {
      return "s" + m.sequence() + " " + names.batch(m.batch()) + " " + requests(m.batch());
    }
    if (message instanceof Committed m) {
      return "s" + m.first() + " " + batches(m.digests());
    }
    return catchUp(message);
  }

  private String catchUp(Message message) {
    if (message instanceof FetchViewChange m) {
      return "v" + m.view() + " " + names.viewChange(m.author(), m.view(), m.digest());
    }
    if (message instanceof Relay m) {
      return m.envelopes().stream().map(this::part).collect(Collectors.joining(", ", "[", "]"));
    }
    if (message instanceof FetchChunks m) {
      return "s"
          + m.sequence()
          + " #"
          + m.ticket()
          + " ("
          + count(m.digests().size(), "chunk")
          + ")";
    }
    return message instanceof Chunks m
        ? "#" + m.ticket() + " (" + count(m.chunks().size(), "chunk") + ")"
        : message.toString();
  }

  private String part(Envelope envelope) {
    if (codec.decode(envelope.content()) instanceof Decoded.Ok ok
        && ok.message() instanceof ReplicaMessage m) {
      return "r" + m.replica() + " " + message(m, envelope.digest());
    }
    return "garbage";
  }

  private String viewChange(ViewChange m) {
    String held =
        m.checkpoints().stream()
            .map(c -> c.sequence() + ":" + names.state(c.digest()))
            .collect(Collectors.joining(" ", "[", "]"));
    return ("v" + m.view() + " h" + m.stable() + " C" + held)
        + (" P" + entries(m.prepared()) + " Q" + entries(m.prePrepared()));
  }

  private String entries(List<ViewChange.Entry> entries) {
    return entries.stream()
        .map(e -> e.sequence() + ":" + names.batch(e.digest()) + "@" + e.view())
        .collect(Collectors.joining(" ", "[", "]"));
  }

  private String newView(NewView m) {
    String support =
        m.support().stream()
            .map(s -> names.viewChange(s.author(), m.view(), s.digest()))
            .collect(Collectors.joining(" ", "[", "]"));
    String start = m.start() + ":" + names.state(m.startDigest());
    return "v" + m.view() + " V" + support + " start " + start + " X" + batches(m.choices());
  }

  private String batches(List<Digest> digests) {
    return digests.stream().map(names::batch).collect(Collectors.joining(" ", "[", "]"));
  }

  private String requests(Batch batch) {
    return batch.requests().stream().map(this::request).collect(Collectors.joining(", ", "[", "]"));
  }

  String request(AuthenticatedRequest authenticated) {
    Request request = authenticated.request();
    String signed = authenticated.isSigned() ? " signed" : "";
    return id(request.client(), request.session(), request.timestamp())
        + (" " + quote(request.operation()) + signed);
  }

  static String id(int client, long session, long timestamp) {
    return "c" + client + (session == 1 ? "" : "." + session) + ":" + timestamp;
  }

  static String quote(byte[] text) {
    return '"' + new String(text, StandardCharsets.UTF_8) + '"';
  }

  static String count(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
