package io.pbft.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Sizes, for any n from 4 (OSDI'99, section 3; TOCS, section 2.3)")
class QuorumsTest {
  static IntStream sizes() {
    return IntStream.rangeClosed(4, 31);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void anyTwoQuorumsShareACorrectReplica(int n) {
    Quorums q = Quorums.of(n);
    int sharedAtLeast = 2 * q.quorum() - n;
    assertThat(sharedAtLeast).isGreaterThan(q.f());
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void noSmallerQuorumWouldDo(int n) {
    Quorums q = Quorums.of(n);
    assertThat(2 * (q.quorum() - 1) - n).isLessThanOrEqualTo(q.f());
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void theCorrectReplicasAloneAreAQuorum(int n) {
    Quorums q = Quorums.of(n);
    assertThat(n - q.f()).isGreaterThanOrEqualTo(q.quorum());
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void fIsTheMostThatNReplicasCanTolerate(int n) {
    Quorums q = Quorums.of(n);
    assertThat(3 * q.f() + 1).isLessThanOrEqualTo(n);
    assertThat(3 * (q.f() + 1) + 1).isGreaterThan(n);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void aWeakCertificateHoldsACorrectReplicaAndEveryQuorumAWeakCertificateOfCorrectOnes(int n) {
    Quorums q = Quorums.of(n);
    assertThat(q.weak()).isEqualTo(q.f() + 1);
    assertThat(q.quorum() - q.f()).isGreaterThanOrEqualTo(q.weak());
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 6, 8, 9})
  @DisplayName("2f+1 with a floored f is no quorum for n = 5, 6, 8, 9 (the bug of Sawtooth PBFT)")
  void twoFPlusOneIsTooFewWhereNIsNot3FPlus1(int n) {
    Quorums q = Quorums.of(n);
    int floored = 2 * q.f() + 1;
    assertThat(2 * floored - n).as("correct replicas shared, at worst").isLessThanOrEqualTo(q.f());
    assertThat(q.quorum()).isGreaterThan(floored);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 7, 10, 13, 31})
  void for3FPlus1ReplicasAQuorumIs2FPlus1(int n) {
    Quorums q = Quorums.of(n);
    assertThat(q.quorum()).isEqualTo(2 * q.f() + 1);
  }

  @Test
  void fewerThanFourReplicasAreRefused() {
    assertThatThrownBy(() -> Quorums.of(3)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void thePrimaryOfAViewIsViewModN() {
    assertThat(Quorums.of(5).primary(7)).isEqualTo(2);
    assertThat(Quorums.of(5).primary(5L << 40)).isZero();
  }
}
