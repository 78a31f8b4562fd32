package io.pbft.core.validation;

import io.pbft.core.message.RequestAuthenticator;
import io.pbft.crypto.Authenticator;
import io.pbft.crypto.MacKey;

/**
 * The keys that a client session shares with the replicas, ready for use: to make an authenticator
 * costs more than its MAC. Not thread safe.
 */
public final class RequestMacs {
  private final MacKey[] keys;
  private final Authenticator[] authenticators;

  /** No key yet for any of {@code n} replicas. */
  public RequestMacs(int n) {
    keys = new MacKey[n];
    authenticators = new Authenticator[n];
  }

  /** The key shared with a replica; null when there is none any more. */
  public void set(int replica, MacKey key) {
    keys[replica] = key;
    authenticators[replica] = key == null ? null : key.newAuthenticator();
  }

  /** Whether a key is shared with the replica. */
  public boolean has(int replica) {
    return keys[replica] != null;
  }

  public int n() {
    return keys.length;
  }

  RequestAuthenticator.Macs over(byte[] macRequest) {
    int[] keyIds = new int[keys.length];
    byte[] tags = new byte[keys.length * RequestAuthenticator.Macs.TAG_LENGTH];
    for (int i = 0; i < keys.length; i++) {
      if (keys[i] != null) {
        keyIds[i] = keys[i].id();
        authenticators[i]
            .update(ClusterScope.forReceiver(macRequest, i))
            .tag(tags, i * RequestAuthenticator.Macs.TAG_LENGTH);
      }
    }
    return new RequestAuthenticator.Macs(keyIds, tags);
  }
}
