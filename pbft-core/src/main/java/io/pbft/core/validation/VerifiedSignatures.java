package io.pbft.core.validation;

import io.pbft.crypto.Digest;
import io.pbft.crypto.Hasher;
import io.pbft.crypto.VerifyingKey;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers which signatures have verified. A signed request comes to a replica more than once
 * (from its client, again when it retransmits, and in the primary's batch), and so do checkpoints
 * and view-changes, which the status exchange repeats; verifying costs a hundred times what looking
 * it up does. Failures are not remembered, so nothing can be made to fail by it; holds the {@value
 * #CAPACITY} used last. Thread safe.
 */
public final class VerifiedSignatures {
  private static final int CAPACITY = 16_384;

  private final Map<Digest, Boolean> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Digest, Boolean> eldest) {
          return size() > CAPACITY;
        }
      };

  /** Whether the signature is the key's over the bytes. */
  boolean verify(VerifyingKey key, byte[] signed, byte[] signature) {
    Digest name = name(key, signed, signature);
    synchronized (this) {
      if (known.get(name) != null) {
        return true;
      }
    }
    boolean valid = key.verify(signed, signature);
    if (valid) {
      remember(name);
    }
    return valid;
  }

  /** The signature has just been made with the key's other half, so it need not be verified. */
  void made(VerifyingKey key, byte[] signed, byte[] signature) {
    remember(name(key, signed, signature));
  }

  private synchronized void remember(Digest name) {
    known.put(name, Boolean.TRUE);
  }

  private static Digest name(VerifyingKey key, byte[] signed, byte[] signature) {
    return Hasher.domain("verified")
        .putBytes(key.toBytes())
        .putSized(signed)
        .putSized(signature)
        .digest();
  }
}
