package io.pbft.lab.sim;

import io.pbft.core.validation.KeyDirectory;
import io.pbft.crypto.Hasher;
import io.pbft.crypto.MacKey;
import io.pbft.crypto.SigningKey;
import io.pbft.crypto.VerifyingKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Keys made from numbers, the same in each run. For simulations only: anybody can compute them. */
public final class Keys implements KeyDirectory {
  // Pure functions of their numbers, so all simulations may share them; making one costs as much as
  // a signature.
  private static final Map<String, SigningKey> MADE = new ConcurrentHashMap<>();

  private final List<SigningKey> replicas = new ArrayList<>();
  private final List<SigningKey> clients = new ArrayList<>();

  public Keys(int replicaCount, int clientCount) {
    for (int i = 0; i < replicaCount; i++) {
      replicas.add(key("replica", i));
    }
    for (int i = 0; i < clientCount; i++) {
      clients.add(key("client", i));
    }
  }

  private static SigningKey key(String kind, int id) {
    return MADE.computeIfAbsent(
        kind + id,
        name -> SigningKey.fromSeed(Hasher.domain("lab-" + kind).putInt(id).digest().toBytes()));
  }

  public SigningKey ofReplica(int id) {
    return replicas.get(id);
  }

  public SigningKey ofClient(int id) {
    return clients.get(id);
  }

  /** The key that a client's session shares with a replica over its {@code connection}-th link. */
  public static MacKey shared(int client, long session, int replica, int connection) {
    return MacKey.from(
        Hasher.domain("lab-shared")
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
}
