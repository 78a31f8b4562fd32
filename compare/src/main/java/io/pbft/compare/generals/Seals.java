package io.pbft.compare.generals;

import io.pbft.crypto.Hasher;
import io.pbft.crypto.SigningKey;
import io.pbft.crypto.VerifyingKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Signatures of generals (A4: they can't be forged, and anybody can verify them). */
public interface Seals {
  /** The signature of a general; who calls this for another than itself holds that one's key. */
  byte[] sign(int general, byte[] text);

  boolean verify(int general, byte[] text, byte[] seal);

  /** Ed25519 (RFC 8032), with keys that are the same in each run. */
  static Seals ed25519(int generals) {
    List<SigningKey> keys = new ArrayList<>();
    List<VerifyingKey> publicKeys = new ArrayList<>();
    for (int i = 0; i < generals; i++) {
      SigningKey key = SigningKey.fromSeed(Hasher.domain("general").putInt(i).digest().toBytes());
      keys.add(key);
      publicKeys.add(key.verifyingKey());
    }
    return new Seals() {
      @Override
      public byte[] sign(int general, byte[] text) {
        return keys.get(general).sign(text);
      }

      @Override
      public boolean verify(int general, byte[] text, byte[] seal) {
        return publicKeys.get(general).verify(text, seal);
      }
    };
  }

  /** Symbols instead of cryptography: a digest of who signs what. Quick, and forged by nobody. */
  static Seals symbolic() {
    return new Seals() {
      @Override
      public byte[] sign(int general, byte[] text) {
        return Hasher.domain("symbol").putInt(general).putBytes(text).digest().toBytes();
      }

      @Override
      public boolean verify(int general, byte[] text, byte[] seal) {
        return Arrays.equals(sign(general, text), seal);
      }
    };
  }

  /** A control: verifies nothing, so that A4 does not hold. */
  static Seals believingAnything() {
    Seals symbolic = symbolic();
    return new Seals() {
      @Override
      public byte[] sign(int general, byte[] text) {
        return symbolic.sign(general, text);
      }

      @Override
      public boolean verify(int general, byte[] text, byte[] seal) {
        return true;
      }
    };
  }
}
