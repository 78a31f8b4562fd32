package io.pbft.core.scene;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.codec.Codec;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Envelope;
import io.pbft.core.message.Message;
import io.pbft.core.message.Request;
import io.pbft.core.message.RequestAuthenticator;
import io.pbft.core.validation.Admission;
import io.pbft.core.validation.AuthenticationMode;
import io.pbft.core.validation.ClusterScope;
import io.pbft.core.validation.Gatekeeper;
import io.pbft.core.validation.KeyDirectory;
import io.pbft.core.validation.RequestKeyring;
import io.pbft.core.validation.Sealer;
import io.pbft.core.validation.Verified;
import io.pbft.crypto.Digest;
import io.pbft.crypto.Hasher;
import io.pbft.crypto.MacKey;
import io.pbft.crypto.Principal;
import io.pbft.crypto.SigningKey;
import io.pbft.crypto.VerifyingKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Keys from fixed seeds, and with them everybody's pen and door. */
public final class Peers implements KeyDirectory {
  /** Clients that the configuration knows: 0 to 3. */
  public static final int CLIENTS = 4;

  public static final ClusterScope SCOPE =
      new ClusterScope(Digest.of("a cluster".getBytes(StandardCharsets.US_ASCII)), 1);

  private final ProtocolConfig config;
  private final AuthenticationMode mode;
  private final Codec codec;
  private final List<SigningKey> replicas = new ArrayList<>();
  private final List<SigningKey> clients = new ArrayList<>();

  public Peers(ProtocolConfig config, AuthenticationMode mode) {
    this.config = config;
    this.mode = mode;
    this.codec = new Codec(config.limits());
    for (int i = 0; i < config.n(); i++) {
      replicas.add(key("replica", i));
    }
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(key("client", i));
    }
  }

  private static SigningKey key(String kind, int id) {
    return SigningKey.fromSeed(Hasher.domain("test-" + kind).putInt(id).digest().toBytes());
  }

  /** The key that a client's session shares with a replica. */
  public static MacKey shared(int client, long session, int replica) {
    return shared(client, session, replica, 1);
  }

  /** The key agreed on when they connected for the {@code connection}-th time. */
  public static MacKey shared(int client, long session, int replica, int connection) {
    return MacKey.from(
        Hasher.domain("test-shared")
            .putInt(client)
            .putLong(session)
            .putInt(replica)
            .putInt(connection)
            .digest());
  }

  @Override
  public VerifyingKey replica(int id) {
    return id < replicas.size() ? replicas.get(id).verifyingKey() : null;
  }

  @Override
  public VerifyingKey client(int id) {
    return id < clients.size() ? clients.get(id).verifyingKey() : null;
  }

  public Codec codec() {
    return codec;
  }

  public Sealer sealer(int replica) {
    return sealer(replica, mode, SCOPE);
  }

  /** A pen for another cluster, epoch or mode. */
  public Sealer sealer(int replica, AuthenticationMode otherMode, ClusterScope scope) {
    return new Sealer(codec, scope, otherMode, replicas.get(replica));
  }

  public Sealer clientSealer(int client) {
    return new Sealer(codec, SCOPE, mode, clients.get(client));
  }

  public Gatekeeper gatekeeper(Principal self, RequestKeyring keyring) {
    return new Gatekeeper(self, codec, SCOPE, mode, config.clientSignatures(), this, keyring);
  }

  /** A replica's message, sealed by it and let in by {@code at}. */
  public Verified<?> verified(Gatekeeper at, int from, Message message) {
    return verified(at, Principal.replica(from), sealer(from).payload(message));
  }

  /** A payload that {@code at} must let in. */
  public static Verified<?> verified(Gatekeeper at, Principal from, byte[] payload) {
    Admission admission = at.admit(from, payload);
    if (admission instanceof Admission.Admitted admitted) {
      return admitted.message();
    }
    throw new AssertionError("the door refused it: " + admission);
  }

  public Envelope seal(int replica, Message message) {
    return sealer(replica).seal(message);
  }

  /** The request with its client's signature. */
  public AuthenticatedRequest signed(Request request) {
    return new AuthenticatedRequest(request, clientSealer(request.client()).sign(request));
  }

  /**
   * The request with a MAC vector that is right for the given replicas and wrong for the others.
   */
  public AuthenticatedRequest maced(Request request, int... goodFor) {
    List<MacKey> keys = new ArrayList<>();
    for (int i = 0; i < config.n(); i++) {
      keys.add(shared(request.client(), request.session(), i));
    }
    RequestAuthenticator.Macs macs = clientSealer(request.client()).authenticate(request, keys);
    for (int i = 0; i < config.n(); i++) {
      int replica = i;
      if (java.util.Arrays.stream(goodFor).noneMatch(good -> good == replica)) {
        macs.tags()[i * RequestAuthenticator.Macs.TAG_LENGTH] ^= 1;
      }
    }
    return new AuthenticatedRequest(request, macs);
  }

  /** The keys that a replica shares with the first sessions of every client. */
  public static RequestKeyring keyring(int replica) {
    RequestKeyring keyring = new RequestKeyring();
    for (int client = 0; client < CLIENTS; client++) {
      for (long session = 1; session <= 8; session++) {
        keyring.put(client, session, shared(client, session, replica));
      }
    }
    return keyring;
  }
}
