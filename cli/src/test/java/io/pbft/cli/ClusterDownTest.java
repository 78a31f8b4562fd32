package io.pbft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No replica runs: everything ends in time, and says so. */
class ClusterDownTest {
  @TempDir Path temporary;
  private String cluster;

  @BeforeEach
  void init() {
    cluster = temporary.resolve("cluster").toString();
    assertThat(Captured.run("init", cluster).exitCode()).isZero();
  }

  @Test
  void aCommandFailsAfterItsTimeout() {
    Captured result = Captured.run("kv", cluster, "get", "k", "--timeout", "200ms");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.errLines()).hasSize(1);
    assertThat(result.err()).contains("no answer from the cluster within 200ms");
  }

  @Test
  void theShellAnswersWhatItHasTakenAndEnds() {
    String input = "put a 1\nnonsense\nget a\n";
    Captured result = Captured.runWithInput(input, "kv", cluster, "shell", "--timeout", "200ms");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.outLines().get(0)).isEqualTo("ERROR no answer in time");
    assertThat(result.err()).contains("no answer from the cluster within");
  }

  @Test
  void statusHasItsRowsAllTheSame() {
    Captured result = Captured.run("status", cluster, "--timeout", "200ms", "--json");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out())
        .contains("{\"replica\":3,\"up\":false,\"view\":null,")
        .contains("no answer from 127.0.0.1:7403 within 200ms");
  }
}
