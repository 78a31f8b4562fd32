package io.pbft.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The sum of the processor time of a cluster's processes. */
final class CpuMeterTest {
  /** A process whose processor time is told. */
  private static final class Told implements CpuMeter.Clock {
    private Optional<Duration> time = Optional.empty();

    void has(long seconds) {
      time = Optional.of(Duration.ofSeconds(seconds));
    }

    void ends() {
      time = Optional.empty();
    }

    @Override
    public Optional<Duration> read() {
      return time;
    }
  }

  private final Told client = new Told();
  private final Told primary = new Told();
  private final Told backup = new Told();
  private final CpuMeter meter = new CpuMeter(client, List.of(primary, backup));

  /** The system forgets a process's time with the process; the sum must not fall by it. */
  @Test
  void aReplicaThatEndsCountsWithItsLastReading() {
    client.has(1);
    primary.has(100);
    backup.has(90);
    Duration before = meter.total();
    primary.has(104);
    meter.total();
    primary.ends();
    backup.has(95);
    assertThat(meter.total().minus(before)).isEqualTo(Duration.ofSeconds(4 + 5));
    assertThat(meter.ended()).isEqualTo(1);
    assertThat(meter.replicas()).as("it was there").isEqualTo(2);
  }

  @Test
  void whoLivesHasNotEnded() {
    client.has(1);
    primary.has(2);
    backup.has(3);
    assertThat(meter.total()).isEqualTo(Duration.ofSeconds(6));
    assertThat(meter.ended()).isZero();
  }
}
