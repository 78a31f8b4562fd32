package io.pbft.compare.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.compare.cost.Line.Section;
import io.pbft.compare.sim.Counters;
import io.pbft.compare.sim.Message.Purpose;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CostTableTest {
  /** A test for each protocol, at f = 1, 2, 3 and with as many replicas as PBFT. */
  @TestFactory
  Stream<DynamicTest> everyMeasurementIsWhatItsFormulaSays() {
    return Stream.of(Protocol.values())
        .flatMap(
            protocol ->
                Stream.of(1, 2, 3)
                    .flatMap(f -> Stream.of(protocol.replicas(f), 3 * f + 1))
                    .distinct()
                    .map(
                        n ->
                            DynamicTest.dynamicTest(
                                protocol + " n=" + n, () -> check(protocol, n))));
  }

  private static void check(Protocol protocol, int n) {
    List<Line> lines = CostTable.of(protocol, n);
    assertThat(lines).isNotEmpty().allMatch(Line::equal);
  }

  /** Bytes, cryptography, background and the leader's death, for one fault and for two. */
  @TestFactory
  Stream<DynamicTest> theOtherCostsAreWhatTheirFormulasSay() {
    return Stream.of(Protocol.values())
        .flatMap(protocol -> Stream.of(1, 2).map(f -> other(protocol, protocol.replicas(f))));
  }

  private static DynamicTest other(Protocol protocol, int n) {
    return DynamicTest.dynamicTest(
        protocol + " n=" + n,
        () ->
            assertThat(CostTable.more(protocol, n))
                .allMatch(Line::equal)
                .extracting(Line::section)
                .contains(Section.BYTES, Section.IDLE, Section.CRASH));
  }

  /** Section 2.4: with a signature on everything 12 are made and 28 checked by four replicas. */
  @Test
  void fourReplicasMake33MacsForARequestAnd12SignaturesIfTheySign() {
    assertThat(cryptography(Protocol.PBFT_MAC)).containsExactly("33", "33", "0", "0");
    assertThat(cryptography(Protocol.PBFT_SIGNATURE)).containsExactly("33", "33", "12", "28");
    assertThat(cryptography(Protocol.RAFT)).isEmpty();
  }

  private static List<String> cryptography(Protocol protocol) {
    return CostTable.more(protocol, protocol.replicas(1)).stream()
        .filter(line -> line.section() == Section.CRYPTOGRAPHY)
        .map(Line::measured)
        .toList();
  }

  @Test
  void whatHasNoFormulaIsOnlyShown() {
    Line line = line(5, 5, "");
    assertThat(line.hasFormula()).isFalse();
    assertThat(line.equal()).isTrue();
  }

  private static Line line(long total, long delivered, String formula) {
    return new Line(Protocol.ZAB, 1, 3, Section.REQUEST, "q", formula, 2, 8, total, delivered);
  }

  private static long measured(Protocol protocol, int n, String quantity) {
    return CostTable.of(protocol, n).stream()
        .filter(line -> line.quantity().strip().equals(quantity))
        .mapToLong(line -> line.total() / line.requests())
        .sum();
  }

  /** Section 2.1: 24, 84, 180; and the larger count of other texts is n - 1 more. */
  @ParameterizedTest
  @CsvSource({"4,24,27", "7,84,90", "10,180,189"})
  void pbftSendsNoPrepareFromThePrimary(int n, long messages, long withPrimarysPrepare) {
    long total = measured(Protocol.PBFT_MAC, n, "replica messages, answered and executed");
    assertThat(total).isEqualTo(messages).isEqualTo(withPrimarysPrepare - (n - 1));
  }

  /** Section 2.3: at the same f, total messages 4.5 f + 1.5 times Raft's; the busiest node 3. */
  @ParameterizedTest
  @CsvSource({"1,6.0", "2,10.5", "3,15.0"})
  void theRatioToRaftGrowsInTotalButNotForTheBusiest(int f, double ratio) {
    double pbft = measured(Protocol.PBFT_MAC, 3 * f + 1, "replica messages, answered and executed");
    double raft = measured(Protocol.RAFT, 2 * f + 1, "replica messages, answered");
    assertThat(pbft / raft).isEqualTo(ratio);
    double busiest = measured(Protocol.PBFT_MAC, 3 * f + 1, "busiest replica");
    assertThat(busiest / measured(Protocol.RAFT, 2 * f + 1, "busiest replica")).isEqualTo(3.0);
  }

  @Test
  void aLineIsEqualOnlyIfAllWasSentAndDelivered() {
    assertThat(line(16, 16, "n-1").equal()).isTrue();
    assertThat(line(17, 17, "n-1").equal()).isFalse();
    assertThat(line(16, 15, "n-1").equal()).isFalse();
    assertThat(line(17, 17, "n-1").measured()).isEqualTo("2.125");
  }

  @Test
  void sentAndDeliveredAreCountedApartAndOnlyOrderingIsLoad() {
    Counters counters = new Counters();
    counters.sent(0, 1, Purpose.ORDERING, "PROPOSE");
    counters.sent(0, 2, Purpose.ORDERING, "PROPOSE");
    counters.delivered(0, 1, Purpose.ORDERING, "PROPOSE");
    counters.sent(0, 1, Purpose.BACKGROUND, "PING");
    assertThat(counters.of(Purpose.ORDERING)).isEqualTo(new Counters.Count(2, 1));
    assertThat(counters.busiest()).isEqualTo(2);
  }
}
