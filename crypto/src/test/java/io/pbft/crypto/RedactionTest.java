package io.pbft.crypto;

import static io.pbft.crypto.TestCluster.C0;
import static io.pbft.crypto.TestCluster.R1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Secrets do not get into text. */
class RedactionTest {
  private final byte[] secret = new SeededRandom(1).bytes(32);

  @Test
  void aSigningKeyShowsItsPublicHalfOnly() {
    SigningKey key = SigningKey.fromSeed(secret);
    assertThat(key).hasToString("SigningKey[public=" + key.verifyingKey().fingerprint() + "]");
    assertNoSecret(key.toString());
  }

  @Test
  void aMacKeyShowsItsIdOnly() {
    MacKey key = MacKey.fromBytes(Arrays.copyOf(secret, MacKey.LENGTH));
    assertThat(key.toString()).matches("MacKey\\[id=[0-9a-f]{8}]");
    assertNoSecret(key.toString());
  }

  @Test
  void whatHoldsKeysShowsNoMore() {
    TestCluster cluster = new TestCluster(2);
    HandshakeContext context =
        new HandshakeContext(
            TestCluster.ID,
            TestCluster.EPOCH,
            TestCluster.CONFIGURATION,
            R1,
            SigningKey.fromSeed(secret),
            cluster::publicKey);
    assertThat(context.toString()).contains("SigningKey[public=");
    assertNoSecret(context.toString());
    assertThat(cluster.connect(C0, R1, 3).initiator().toString()).contains("MacKey[id=");
  }

  @Test
  void exceptionsDoNotQuoteKeysOfTheWrongLength() {
    byte[] shortened = Arrays.copyOf(secret, 31);
    assertNoSecret(catchThrowable(() -> SigningKey.fromSeed(shortened)).toString());
    assertNoSecret(catchThrowable(() -> MacKey.fromBytes(shortened)).toString());
  }

  /** Looks for any four bytes of the secret in hex, decimal or base64. */
  private void assertNoSecret(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    for (int i = 0; i + 4 <= secret.length; i++) {
      byte[] part = Arrays.copyOfRange(secret, i, i + 4);
      assertThat(lower).doesNotContain(HexFormat.of().formatHex(part));
      String decimal = Arrays.toString(part);
      assertThat(text).doesNotContain(decimal.substring(1, decimal.length() - 1));
    }
    String base64 = Base64.getEncoder().encodeToString(secret);
    for (int i = 0; i + 6 <= base64.length(); i++) {
      assertThat(text).doesNotContain(base64.substring(i, i + 6));
    }
  }
}
