package io.pbft.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class HkdfTest {
  @Test
  void rfc5869Case1() {
    byte[] prk = Hkdf.extract(Bytes.sequence(0, 13), Bytes.repeat(0x0b, 22));
    assertThat(prk)
        .isEqualTo(Bytes.hex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"));
    assertThat(Hkdf.expand(prk, Bytes.sequence(0xf0, 10), 42))
        .isEqualTo(
            Bytes.hex(
                "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
                    + "34007208d5b887185865"));
  }

  @Test
  void rfc5869Case2() {
    byte[] prk = Hkdf.extract(Bytes.sequence(0x60, 80), Bytes.sequence(0, 80));
    assertThat(prk)
        .isEqualTo(Bytes.hex("06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244"));
    assertThat(Hkdf.expand(prk, Bytes.sequence(0xb0, 80), 82))
        .isEqualTo(
            Bytes.hex(
                "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
                    + "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
                    + "cc30c58179ec3e87c14c01d5c1f3434f1d87"));
  }

  @Test
  void rfc5869Case3() {
    byte[] prk = Hkdf.extract(new byte[0], Bytes.repeat(0x0b, 22));
    assertThat(prk)
        .isEqualTo(Bytes.hex("19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04"));
    assertThat(Hkdf.expand(prk, new byte[0], 42))
        .isEqualTo(
            Bytes.hex(
                "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
                    + "9d201395faa4b61a96c8"));
  }

  @Test
  void theLengthIsBounded() {
    assertThat(Hkdf.expand(new byte[32], new byte[0], 255 * 32)).hasSize(8160);
    assertThat(Hkdf.expand(new byte[32], new byte[0], 0)).isEmpty();
    assertThatThrownBy(() -> Hkdf.expand(new byte[32], new byte[0], 255 * 32 + 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Hkdf.expand(new byte[32], new byte[0], -1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
