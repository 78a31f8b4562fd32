package io.pbft.bench.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpentTest {
  private static final ThreadTime NOTHING = new ThreadTime("pbft-net-replic", 0, 0, 0);

  private static Sample sample(String line) {
    return Sample.parse(line);
  }

  @Test
  void aLineIsAThreadItsFramesAndACount() {
    assertThat(sample("[pbft-net-replica 0 tid=17];io/netty/A.run;write 3"))
        .isEqualTo(new Sample("pbft-net-replica 0", 17, List.of("io/netty/A.run", "write"), 3));
    assertThat(sample("[VM Thread tid=4] 1")).isEqualTo(new Sample("VM Thread", 4, List.of(), 1));
    assertThatThrownBy(() -> sample("io/netty/A.run 3"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("io/netty/A.run 3");
  }

  @Test
  void aThreadsTimeIsReadWhateverItsName() {
    String stat = "17 (odd) name (x) S 1 1 1 0 -1 4194368 25 0 0 0 250 75 0 0 20 0 30 0 8123 1 2";
    assertThat(
            ThreadTime.parse(
                stat, List.of("Name:\todd", "voluntary_ctxt_switches:\t12", "other:\t1")))
        .isEqualTo(new ThreadTime("odd) name (x", 2_500_000, 750_000, 12));
  }

  @Test
  void userTimeIsSharedOutBySamplesAndTheKernelsIsItsOwn() {
    Spent spent =
        Spent.of(
            Map.of(1, new ThreadTime("pbft-net-replic", 100, 10, 5)),
            Map.of(1, new ThreadTime("pbft-net-replic", 500, 60, 9)),
            List.of(
                sample("[pbft-net-replica-0 tid=1];io/netty/A.run 3"),
                sample("[pbft-net-replica-0 tid=1];io/netty/A.run;io/pbft/core/codec/B.c 1"),
                sample("[pbft-net-replica-0 tid=1];io/netty/A.run;__GI_write 70")));
    assertThat(spent.micros())
        .containsOnly(
            Map.entry(Component.TRANSPORT, 300.0),
            Map.entry(Component.CODEC, 100.0),
            Map.entry(Component.KERNEL_TRANSPORT, 50.0));
    assertThat(spent.sleeps()).isEqualTo(4);
    assertThat(spent.samples()).isEqualTo(74);
    assertThat(spent.total()).isCloseTo(450, within(1e-6));
  }

  @Test
  void aThreadThatWasNeverMetCountsByItsName() {
    Spent spent =
        Spent.of(Map.of(), Map.of(1, new ThreadTime("C1 CompilerThre", 30, 10, 0)), List.of());
    assertThat(spent.micros()).containsOnly(Map.entry(Component.COMPILERS, 40.0));
  }

  @Test
  void sharesOfOneThreadSayNothingOfAnother() {
    Spent spent =
        Spent.of(
            Map.of(1, NOTHING, 2, NOTHING),
            Map.of(
                1, new ThreadTime("pbft-net-replic", 100, 0, 0),
                2, new ThreadTime("pbft-journal-0", 10, 0, 0)),
            List.of(
                sample("[a tid=1];io/netty/A.run 1"), sample("[b tid=2];io/pbft/storage/A.run 9")));
    assertThat(spent.of(Component.TRANSPORT)).isEqualTo(100);
    assertThat(spent.of(Component.JOURNAL)).isEqualTo(10);
    assertThat(Spent.sum(List.of(spent, spent)).total()).isEqualTo(220);
  }
}
