package io.pbft.compare.pbft;

import io.pbft.compare.sim.Counters;
import io.pbft.compare.sim.Message.Purpose;
import io.pbft.core.codec.Codec;
import io.pbft.core.codec.Decoded;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Envelope;
import io.pbft.core.message.Message;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.RequestMessage;
import io.pbft.crypto.Digest;
import io.pbft.crypto.Principal;
import java.util.List;
import java.util.TreeSet;

/**
 * Counts every payload that is sent: by type, by size, and by the authentication that it carries.
 *
 * <p>Bytes are those of the encoded payload and the frame around it. A frame of a production link
 * has one MAC, made by its sender and checked by its receiver. A signature is made once for a
 * message, however many it is sent to, and checked by each that receives it; the same goes for the
 * client's authentication of a request, of whose MACs each receiver checks its own.
 */
public final class PbftMeter {
  /** A frame's length field and MAC, as production links have them. */
  public static final int FRAME_BYTES = 4 + 16;

  private final int n;
  private final Codec codec;
  private final Counters counters = new Counters();
  private final TreeSet<String> signed = new TreeSet<>();
  private final TreeSet<Digest> authenticated = new TreeSet<>();
  private final TreeSet<String> frames = new TreeSet<>();
  private long replicaBytes;
  private long clientBytes;
  private long macsMade;
  private long macsChecked;
  private long signaturesMade;
  private long signaturesChecked;

  PbftMeter(int n, Codec codec) {
    this.n = n;
    this.codec = codec;
  }

  public Counters counters() {
    return counters;
  }

  /** Bytes of frames that order, between replicas. */
  public long replicaBytes() {
    return replicaBytes;
  }

  /** Ordering messages between replicas; those that leave one for another at a time count once. */
  public long frames() {
    return frames.size();
  }

  /** Bytes of frames from and to clients. */
  public long clientBytes() {
    return clientBytes;
  }

  /** By replicas and the client, for ordering and the client's messages. */
  public long macsMade() {
    return macsMade;
  }

  public long macsChecked() {
    return macsChecked;
  }

  public long signaturesMade() {
    return signaturesMade;
  }

  public long signaturesChecked() {
    return signaturesChecked;
  }

  /**
   * @param arrives whether there is somebody to receive it
   * @param atMicros virtual time
   */
  void onSent(Principal from, Principal to, byte[] payload, boolean arrives, long atMicros) {
    Envelope envelope = codec.envelope(payload, 0, payload.length);
    MessageType type = MessageType.ofTag(envelope.content()[0]);
    Purpose purpose = purpose(type);
    counters.sent(id(from), id(to), purpose, type.name());
    if (arrives) {
      counters.delivered(id(from), id(to), purpose, type.name());
    }
    if (purpose == Purpose.ORDERING) {
      frames.add(from.id() + " " + to.id() + " " + atMicros);
    }
    if (purpose == Purpose.ORDERING || purpose == Purpose.CLIENT) {
      macsMade++;
      macsChecked += arrives ? 1 : 0;
      size(purpose, payload.length + FRAME_BYTES);
      signatures(from, envelope, arrives);
      requests(from, envelope, arrives);
    }
  }

  private void size(Purpose purpose, int bytes) {
    if (purpose == Purpose.CLIENT) {
      clientBytes += bytes;
    } else {
      replicaBytes += bytes;
    }
  }

  private void signatures(Principal from, Envelope envelope, boolean arrives) {
    if (envelope.isSigned()) {
      signaturesMade += signed.add(id(from) + " " + Digest.of(envelope.content())) ? 1 : 0;
      signaturesChecked += arrives ? 1 : 0;
    }
  }

  private void requests(Principal from, Envelope envelope, boolean arrives) {
    Message message = ((Decoded.Ok) codec.decode(envelope.content())).message();
    for (AuthenticatedRequest request : requests(message)) {
      boolean isNew =
          from.kind() == Principal.Kind.CLIENT && authenticated.add(request.request().digest());
      if (request.isSigned()) {
        signaturesMade += isNew ? 1 : 0;
        signaturesChecked += arrives ? 1 : 0;
      } else {
        macsMade += isNew ? n : 0;
        macsChecked += arrives ? 1 : 0;
      }
    }
  }

  private static List<AuthenticatedRequest> requests(Message message) {
    if (message instanceof RequestMessage m) {
      return List.of(m.body());
    }
    return message instanceof PrePrepare m ? m.batch().requests() : List.of();
  }

  private int id(Principal principal) {
    return principal.kind() == Principal.Kind.CLIENT ? n + principal.id() : principal.id();
  }

  private static Purpose purpose(MessageType type) {
    return switch (type) {
      case PRE_PREPARE, PREPARE, COMMIT -> Purpose.ORDERING;
      case VIEW_CHANGE, NEW_VIEW -> Purpose.ELECTION;
      case CHECKPOINT, STATUS -> Purpose.BACKGROUND;
      case REQUEST, REPLY, READ_REQUEST, READ_REPLY, BUSY, STATUS_QUERY, STATUS_REPORT ->
          Purpose.CLIENT;
      default -> Purpose.REPAIR;
    };
  }
}
