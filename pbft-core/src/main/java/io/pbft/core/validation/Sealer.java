package io.pbft.core.validation;

import io.pbft.core.codec.Codec;
import io.pbft.core.message.Envelope;
import io.pbft.core.message.Message;
import io.pbft.core.message.Request;
import io.pbft.core.message.RequestAuthenticator;
import io.pbft.crypto.MacKey;
import io.pbft.crypto.SigningKey;
import java.util.ArrayList;
import java.util.List;

/**
 * Encodes messages, and signs those that the mode wants signed. A pure function of the message and
 * the key (Ed25519 is deterministic). Thread safe.
 */
public final class Sealer {
  private final Codec codec;
  private final ClusterScope scope;
  private final AuthenticationMode mode;
  private final SigningKey key;
  private final VerifiedSignatures made;

  public Sealer(Codec codec, ClusterScope scope, AuthenticationMode mode, SigningKey key) {
    this(codec, scope, mode, key, null);
  }

  /**
   * For simulations, where signer and verifier are one process.
   *
   * @param made is told of each signature, so that nobody verifies what is known to be right; may
   *     be null
   */
  public Sealer(
      Codec codec,
      ClusterScope scope,
      AuthenticationMode mode,
      SigningKey key,
      VerifiedSignatures made) {
    this.codec = codec;
    this.scope = scope;
    this.mode = mode;
    this.key = key;
    this.made = made;
  }

  private byte[] sign(byte[] bytes) {
    byte[] signature = key.sign(bytes);
    if (made != null) {
      made.made(key.verifyingKey(), bytes, signature);
    }
    return signature;
  }

  public Envelope seal(Message message) {
    byte[] content = codec.encode(message);
    return mode.signs(message.type())
        ? new Envelope(content, sign(scope.signedMessage(content)))
        : Envelope.unsigned(content);
  }

  /** The payload for a link. */
  public byte[] payload(Message message) {
    return mode.signs(message.type())
        ? codec.payload(seal(message))
        : codec.unsignedPayload(message);
  }

  public byte[] payload(Envelope envelope) {
    return codec.payload(envelope);
  }

  /** A client's signature of one request. */
  public RequestAuthenticator.Signature sign(Request request) {
    return new RequestAuthenticator.Signature(sign(scope.signedRequest(request.digest())));
  }

  /**
   * A client's signatures of requests of its own: one for up to {@value
   * RequestAuthenticator.Signature#MAX_REQUESTS} of them, and yet each can be checked and passed on
   * without the others.
   *
   * @return in the order of the requests
   * @throws IllegalArgumentException if the requests are not all of one client
   */
  public List<RequestAuthenticator.Signature> sign(List<Request> requests) {
    List<RequestAuthenticator.Signature> signatures = new ArrayList<>(requests.size());
    int most = RequestAuthenticator.Signature.MAX_REQUESTS;
    for (int from = 0; from < requests.size(); from += most) {
      int to = Math.min(from + most, requests.size());
      signTogether(requests.subList(from, to), signatures);
    }
    return signatures;
  }

  private void signTogether(List<Request> requests, List<RequestAuthenticator.Signature> to) {
    if (requests.size() == 1) {
      to.add(sign(requests.get(0)));
      return;
    }
    int client = requests.get(0).client();
    if (requests.stream().anyMatch(request -> request.client() != client)) {
      throw new IllegalArgumentException("a tree is one client's");
    }
    RequestTree tree = new RequestTree(requests);
    byte[] signature = sign(scope.signedTree(client, tree.depth(), tree.root()));
    for (int i = 0; i < requests.size(); i++) {
      to.add(new RequestAuthenticator.Signature(signature, i, tree.path(i)));
    }
  }

  /**
   * A client's MAC vector.
   *
   * @param keys the key shared with each replica, by id; null where there is none at the moment
   */
  public RequestAuthenticator.Macs authenticate(Request request, List<MacKey> keys) {
    RequestMacs macs = new RequestMacs(keys.size());
    for (int i = 0; i < keys.size(); i++) {
      macs.set(i, keys.get(i));
    }
    return authenticate(request, macs);
  }

  /** A client's MAC vector, by keys that are ready for use. */
  public RequestAuthenticator.Macs authenticate(Request request, RequestMacs macs) {
    return macs.over(scope.macRequest(request.digest()));
  }
}
