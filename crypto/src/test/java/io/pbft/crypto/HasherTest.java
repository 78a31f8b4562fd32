package io.pbft.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class HasherTest {
  @Test
  void putsAreBigEndianAndRaw() {
    Digest digest =
        Hasher.create()
            .putByte(0x1ff)
            .putInt(0x01020304)
            .putLong(0x05060708090a0b0cL)
            .putBytes(Bytes.ascii("raw"))
            .putBytes(Bytes.ascii("..part.."), 2, 4)
            .putDigest(Digest.ZERO)
            .putSized(Bytes.ascii("sized"))
            .digest();
    byte[] same =
        Bytes.concat(
            Bytes.hex("ff" + "01020304" + "05060708090a0b0c"),
            Bytes.ascii("rawpart"),
            new byte[32],
            Bytes.hex("00000005"),
            Bytes.ascii("sized"));
    assertThat(digest).isEqualTo(Digest.of(same));
  }

  @Test
  void digestStartsAgain() {
    Hasher hasher = Hasher.create();
    Digest first = hasher.putInt(1).digest();
    assertThat(hasher.putInt(1).digest()).isEqualTo(first);
    assertThat(hasher.digest()).isEqualTo(Digest.of(new byte[0]));
  }

  @Test
  void aDomainIsItsSizedTagAndOutlivesDigest() {
    Hasher hasher = Hasher.domain("tag");
    Digest expected = Digest.of(Bytes.concat(Bytes.hex("00000003"), Bytes.ascii("tagx")));
    assertThat(hasher.putByte('x').digest()).isEqualTo(expected);
    assertThat(hasher.putByte('x').digest()).isEqualTo(expected);
  }

  @Test
  void domainsSeparate() {
    assertThat(Hasher.domain("a").putByte('b').digest())
        .isNotEqualTo(Hasher.domain("ab").digest())
        .isNotEqualTo(Hasher.create().putByte('a').putByte('b').digest());
  }

  @Test
  void refusesTagsThatAreEmptyOrNotAscii() {
    assertThatThrownBy(() -> Hasher.domain("")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Hasher.domain("caf\u00e9"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aDomainsHasherStartsAnewEachTime() {
    Hasher.Domain domain = new Hasher.Domain("kept");
    for (int i = 0; i < 3; i++) {
      assertThat(domain.hasher().putInt(i).digest())
          .isEqualTo(Hasher.domain("kept").putInt(i).digest());
    }
    assertThatThrownBy(() -> new Hasher.Domain("")).isInstanceOf(IllegalArgumentException.class);
  }
}
