package io.pbft.bench.jmh;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.codec.Codec;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Batch;
import io.pbft.core.message.Request;
import io.pbft.core.message.RequestAuthenticator;
import io.pbft.core.message.RequestMessage;
import io.pbft.core.validation.AuthenticationMode;
import io.pbft.core.validation.ClusterScope;
import io.pbft.core.validation.Gatekeeper;
import io.pbft.core.validation.KeyDirectory;
import io.pbft.core.validation.RequestKeyring;
import io.pbft.core.validation.RequestMacs;
import io.pbft.core.validation.Sealer;
import io.pbft.crypto.Digest;
import io.pbft.crypto.MacKey;
import io.pbft.crypto.Principal;
import io.pbft.crypto.SigningKey;
import io.pbft.crypto.VerifyingKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** Keys, pens and doors of four replicas and a client with one session, without any link. */
final class Pieces implements KeyDirectory {
  static final int CLIENT = 0;
  static final long SESSION = 1;
  static final int BATCH = 100;

  private static final int CLIENT_SEED = 100;
  private static final AuthenticationMode MODE = AuthenticationMode.MAC;

  final ProtocolConfig config;
  final Codec codec;
  private final ClusterScope scope = new ClusterScope(Digest.of(new byte[] {1}), 1);
  private final List<SigningKey> replicas = new ArrayList<>();
  private final SigningKey client = key(CLIENT_SEED);
  private final RequestMacs macs;

  Pieces(ProtocolConfig config) {
    this.config = config;
    this.codec = new Codec(config.limits());
    this.macs = new RequestMacs(config.n());
    for (int i = 0; i < config.n(); i++) {
      replicas.add(key(i));
      macs.set(i, shared(i));
    }
  }

  private static SigningKey key(int number) {
    byte[] seed = new byte[SigningKey.SEED_LENGTH];
    seed[0] = (byte) number;
    return SigningKey.fromSeed(seed);
  }

  /** The key that the client shares with a replica. */
  static MacKey shared(int replica) {
    byte[] raw = new byte[MacKey.LENGTH];
    Arrays.fill(raw, (byte) (replica + 1));
    return MacKey.fromBytes(raw);
  }

  @Override
  public VerifyingKey replica(int id) {
    return replicas.get(id).verifyingKey();
  }

  @Override
  public VerifyingKey client(int id) {
    return client.verifyingKey();
  }

  Sealer sealer(int replica) {
    return new Sealer(codec, scope, MODE, replicas.get(replica));
  }

  Sealer clientSealer() {
    return new Sealer(codec, scope, MODE, client);
  }

  Gatekeeper replicaDoor(int replica) {
    RequestKeyring keyring = new RequestKeyring();
    keyring.put(CLIENT, SESSION, shared(replica));
    return new Gatekeeper(Principal.replica(replica), codec, scope, MODE, false, this, keyring);
  }

  Gatekeeper clientDoor() {
    return new Gatekeeper(
        Principal.client(CLIENT), codec, scope, MODE, false, this, new RequestKeyring());
  }

  /** With its MAC vector. */
  AuthenticatedRequest request(long timestamp, byte[] operation) {
    Request request = bare(timestamp, operation);
    return new AuthenticatedRequest(request, clientSealer().authenticate(request, macs));
  }

  private static Request bare(long timestamp, byte[] operation) {
    long acknowledged = Math.max(1, timestamp - BATCH);
    return new Request(CLIENT, SESSION, timestamp, acknowledged, Request.Kind.WRITE, operation);
  }

  /** By its client, under one signature. */
  List<Request> tree() {
    return LongStream.rangeClosed(1, RequestAuthenticator.Signature.MAX_REQUESTS)
        .mapToObj(i -> bare(i, new byte[0]))
        .toList();
  }

  /** What the client's link carries for one of {@link #tree}. */
  byte[] payloadFromTree(int index) {
    List<Request> requests = tree();
    RequestAuthenticator signature = clientSealer().sign(requests).get(index);
    AuthenticatedRequest request = new AuthenticatedRequest(requests.get(index), signature);
    return clientSealer().payload(new RequestMessage(request, false));
  }

  List<AuthenticatedRequest> requests(int count) {
    return LongStream.rangeClosed(1, count).mapToObj(i -> request(i, new byte[0])).toList();
  }

  Batch batch(int count) {
    return new Batch(1, requests(count));
  }
}
