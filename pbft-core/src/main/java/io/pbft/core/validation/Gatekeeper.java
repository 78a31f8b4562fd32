package io.pbft.core.validation;

import io.pbft.core.codec.Codec;
import io.pbft.core.codec.Decoded;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.BatchBody;
import io.pbft.core.message.Envelope;
import io.pbft.core.message.Message;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.ReadRequest;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Relay;
import io.pbft.core.message.ReplicaMessage;
import io.pbft.core.message.Request;
import io.pbft.core.message.RequestAuthenticator;
import io.pbft.core.message.RequestMessage;
import io.pbft.core.message.StatusQuery;
import io.pbft.crypto.Principal;
import io.pbft.crypto.VerifyingKey;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;

/**
 * The one door: payload bytes that a link has authenticated as its peer's become a {@link Verified}
 * message, or a reason. Total on hostile input. Cheap checks come before costly ones. Thread safe.
 */
public final class Gatekeeper {
  private final Principal self;
  private final Codec codec;
  private final ClusterScope scope;
  private final AuthenticationMode mode;
  private final boolean clientSignatures;
  private final KeyDirectory keys;
  private final RequestKeyring requestKeys;
  private final VerifiedSignatures signatures;
  private final Predicate<MessageType> repeated;
  private final Predicate<Reason> refuses;

  /**
   * @param self whose door it is; a client's lets in only what is meant for clients
   * @param clientSignatures whether requests must be signed
   * @param requestKeys keys shared with client sessions; unused at a client
   */
  public Gatekeeper(
      Principal self,
      Codec codec,
      ClusterScope scope,
      AuthenticationMode mode,
      boolean clientSignatures,
      KeyDirectory keys,
      RequestKeyring requestKeys) {
    this(
        self,
        codec,
        scope,
        mode,
        clientSignatures,
        keys,
        requestKeys,
        new VerifiedSignatures(),
        MessageType::alwaysSigned,
        reason -> true);
  }

  /**
   * For simulations and tests.
   *
   * @param signatures may be shared by several doors, since what verifies once verifies everywhere
   * @param repeated of which types of messages to remember what has verified, because they come
   *     more than once
   * @param refuses whether what deserves a reason is refused; else it is let in as if it were good
   */
  public Gatekeeper(
      Principal self,
      Codec codec,
      ClusterScope scope,
      AuthenticationMode mode,
      boolean clientSignatures,
      KeyDirectory keys,
      RequestKeyring requestKeys,
      VerifiedSignatures signatures,
      Predicate<MessageType> repeated,
      Predicate<Reason> refuses) {
    this.self = self;
    this.codec = codec;
    this.scope = scope;
    this.mode = mode;
    this.clientSignatures = clientSignatures;
    this.keys = keys;
    this.requestKeys = requestKeys;
    this.signatures = signatures;
    this.repeated = repeated;
    this.refuses = refuses;
  }

  /**
   * Checks a payload.
   *
   * @param peer who is at the other end of the link, as its handshake and frame MACs prove
   */
  public Admission admit(Principal peer, byte[] payload, int offset, int length) {
    if (Codec.isUnsigned(payload, offset, length)) {
      return judge(
          peer,
          codec.decode(payload, offset + 1, length - 1),
          null,
          typeAt(payload, offset + 1, length - 1));
    }
    Envelope envelope = codec.envelope(payload, offset, length);
    if (envelope == null) {
      return new Admission.Refused(Reason.MALFORMED, null);
    }
    byte[] content = envelope.content();
    return judge(peer, codec.decode(content), envelope, typeAt(content, 0, content.length));
  }

  /** What a payload says that it is, before anything is checked; null when that is no type. */
  public static MessageType claimedType(byte[] payload, int offset, int length) {
    int content = Codec.contentOffset(payload, offset, length);
    return content < 0 ? null : typeAt(payload, content, offset + length - content);
  }

  /** What a signed payload says, before anything is checked; null when it is no message. */
  public Message claimed(byte[] payload) {
    Envelope envelope = codec.envelope(payload, 0, payload.length);
    return envelope != null && codec.decode(envelope.content()) instanceof Decoded.Ok ok
        ? ok.message()
        : null;
  }

  /**
   * @param envelope what was signed, null when nothing was
   */
  private Admission judge(Principal peer, Decoded decoded, Envelope envelope, MessageType claimed) {
    if (decoded instanceof Decoded.Failed failed) {
      return new Admission.Refused(failed.reason(), claimed);
    }
    Message message = ((Decoded.Ok) decoded).message();
    Reason reason = ifRefused(checkOrigin(peer, message));
    if (reason == null) {
      reason = ifRefused(checkSignature(message, envelope));
    }
    return reason == null
        ? open(peer, message, envelope)
        : new Admission.Refused(reason, message.type());
  }

  public Admission admit(Principal peer, byte[] payload) {
    return admit(peer, payload, 0, payload.length);
  }

  private Reason ifRefused(Reason reason) {
    return reason != null && refuses.test(reason) ? reason : null;
  }

  private static MessageType typeAt(byte[] bytes, int offset, int length) {
    return length == 0 ? null : MessageType.ofTag(bytes[offset]);
  }

  private Reason checkOrigin(Principal peer, Message message) {
    if (!mayReceive(message.type()) || !maySend(peer, message.type())) {
      return Reason.UNEXPECTED_TYPE;
    }
    if (message instanceof ReplicaMessage m) {
      return m.replica() == peer.id() ? null : Reason.WRONG_SENDER;
    }
    if (peer.kind() == Principal.Kind.REPLICA) {
      return null;
    }
    return clientOf(message) == peer.id() ? null : Reason.WRONG_SENDER;
  }

  private boolean mayReceive(MessageType type) {
    boolean forClients =
        switch (type) {
          case REPLY, READ_REPLY, STATUS_REPORT, BUSY -> true;
          default -> false;
        };
    return forClients == (self.kind() == Principal.Kind.CLIENT);
  }

  private static boolean maySend(Principal peer, MessageType type) {
    return switch (type.origin()) {
      case ANY -> true;
      case REPLICA -> peer.kind() == Principal.Kind.REPLICA;
      case CLIENT -> peer.kind() == Principal.Kind.CLIENT;
    };
  }

  private static int clientOf(Message message) {
    if (message instanceof RequestMessage m) {
      return m.request().client();
    }
    return message instanceof ReadRequest m ? m.client() : ((StatusQuery) message).client();
  }

  private Reason checkSignature(Message message, Envelope envelope) {
    if (!mode.signs(message.type())) {
      return envelope != null ? Reason.NON_CANONICAL : null;
    }
    return envelope == null ? Reason.BAD_AUTH : verifySignature((ReplicaMessage) message, envelope);
  }

  /**
   * What is always signed is also repeated and relayed, on every tick while somebody lacks it: it
   * is verified once.
   */
  private Reason verifySignature(ReplicaMessage message, Envelope envelope) {
    VerifyingKey key = keys.replica(message.replica());
    if (key == null) {
      return Reason.UNKNOWN_REPLICA;
    }
    byte[] signed = scope.signedMessage(envelope.content());
    boolean valid =
        repeated.test(message.type())
            ? signatures.verify(key, signed, envelope.signature())
            : key.verify(signed, envelope.signature());
    return valid ? null : Reason.BAD_AUTH;
  }

  private Admission open(Principal peer, Message message, Envelope kept) {
    if (message instanceof RequestMessage m) {
      Reason reason = ifRefused(checkRequest(m.body()));
      return reason == null
          ? new Admission.Admitted(Verified.plain(m, peer, kept))
          : new Admission.Refused(reason, MessageType.REQUEST);
    }
    if (message instanceof PrePrepare m) {
      return openBatch(m, peer, kept);
    }
    if (message instanceof BatchBody m) {
      return openBody(m, peer, kept);
    }
    if (message instanceof Relay m) {
      return openRelay(m, peer, kept);
    }
    return new Admission.Admitted(Verified.plain(message, peer, kept));
  }

  private Admission openBatch(PrePrepare message, Principal peer, Envelope kept) {
    BitSet unverifiable = new BitSet();
    List<AuthenticatedRequest> requests = message.batch().requests();
    for (int i = 0; i < requests.size(); i++) {
      AuthenticatedRequest request = requests.get(i);
      Reason reason = ifRefused(checkRequest(request));
      if (reason == null) {
        continue;
      }
      if (request.isSigned() || clientSignatures || reason == Reason.UNKNOWN_CLIENT) {
        return new Admission.Refused(reason, MessageType.PRE_PREPARE);
      }
      unverifiable.set(i);
    }
    return new Admission.Admitted(
        new Verified<>(message, peer, kept, unverifiable, List.of(), null));
  }

  /**
   * A batch's digest does not cover how its requests are authenticated: whoever serves the body
   * could hand out forged signatures with it, for which the receiver would be blamed when it
   * proposes those requests itself. MACs may be unverifiable here, as in a proposal.
   */
  private Admission openBody(BatchBody message, Principal peer, Envelope kept) {
    for (AuthenticatedRequest request : message.batch().requests()) {
      Reason reason = request.isSigned() ? ifRefused(checkRequest(request)) : null;
      if (reason != null) {
        return new Admission.Refused(reason, MessageType.BATCH_BODY);
      }
    }
    return new Admission.Admitted(Verified.plain(message, peer, kept));
  }

  private Reason checkRequest(AuthenticatedRequest authenticated) {
    Request request = authenticated.request();
    VerifyingKey key = keys.client(request.client());
    if (key == null) {
      return Reason.UNKNOWN_CLIENT;
    }
    if (authenticated.authenticator() instanceof RequestAuthenticator.Signature signature) {
      byte[] signed = scope.signed(request, signature);
      return signatures.verify(key, signed, signature.bytes()) ? null : Reason.BAD_CLIENT_AUTH;
    }
    return clientSignatures
        ? Reason.BAD_CLIENT_AUTH
        : checkMac(request, (RequestAuthenticator.Macs) authenticated.authenticator());
  }

  private Reason checkMac(Request request, RequestAuthenticator.Macs macs) {
    if (self.id() >= macs.keyIds().length) {
      return Reason.BAD_CLIENT_AUTH;
    }
    RequestKeyring.Verdict verdict =
        requestKeys.verify(
            request.client(),
            request.session(),
            macs.keyIds()[self.id()],
            scope.macRequest(request.digest(), self.id()),
            macs.tags(),
            self.id() * RequestAuthenticator.Macs.TAG_LENGTH);
    return switch (verdict) {
      case AUTHENTIC -> null;
      case FORGED -> Reason.BAD_CLIENT_AUTH;
      case UNKNOWN_KEY -> Reason.STALE_KEY;
    };
  }

  /**
   * Correct replicas pass on what they have verified: the first part that does not verify here is
   * the fault of the one who passes it on, and the rest is not looked at.
   */
  private Admission openRelay(Relay relay, Principal peer, Envelope kept) {
    List<Verified<?>> parts = new ArrayList<>();
    Reason fault = null;
    for (Envelope envelope : relay.envelopes()) {
      Decoded decoded = codec.decode(envelope.content());
      fault = faultOfPart(decoded, envelope);
      if (fault != null) {
        break;
      }
      Message message = ((Decoded.Ok) decoded).message();
      int author = ((ReplicaMessage) message).replica();
      parts.add(Verified.plain(message, Principal.replica(author), envelope));
    }
    return new Admission.Admitted(
        new Verified<>(relay, peer, kept, new BitSet(), List.copyOf(parts), fault));
  }

  private Reason faultOfPart(Decoded decoded, Envelope envelope) {
    if (decoded instanceof Decoded.Failed failed) {
      return failed.reason();
    }
    Message message = ((Decoded.Ok) decoded).message();
    return ifRefused(
        message.type().alwaysSigned()
            ? verifySignature((ReplicaMessage) message, envelope)
            : Reason.UNEXPECTED_TYPE);
  }
}
