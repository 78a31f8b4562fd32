package io.pbft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.node.ClusterConfig;
import io.pbft.storage.DirectoryLock;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica as an operating-system process: how it starts, and the ways in which it ends. */
class ReplicaProcessTest {
  private static final long SECONDS = 60;

  @TempDir Path temporary;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private Path cluster;

  @BeforeEach
  void init() throws Exception {
    cluster = TestClusters.init(temporary.resolve("cluster"));
  }

  private ReplicaProcess start(String... options) throws Exception {
    return ReplicaProcess.start(cluster, 0, List.of(options), true, lines::add);
  }

  @Test
  void flagsOfTheEnvironmentComeLastSoThatTheyWin() {
    assertThat(ReplicaProcess.flags(false, "  -Xmx256m   -Xlog:gc "))
        .contains("-Xmx512m", "-Xmn160m", "-XX:SurvivorRatio=2", "-XX:InlineSmallCode=1000")
        .endsWith("-Xmx256m", "-Xlog:gc");
    assertThat(ReplicaProcess.flags(true, " ")).isEqualTo(ReplicaProcess.flags(true, null));
  }

  @Test
  void saysWhenItIsReadyAndSigtermStopsItCleanly() throws Exception {
    ReplicaProcess replica = start();
    replica.ready().get(SECONDS, TimeUnit.SECONDS);
    assertThat(lines).anyMatch(line -> line.matches("replica 0 ready at 127.0.0.1:\\d+ .*"));
    replica.stop(Duration.ofSeconds(SECONDS));
    assertThat(replica.exit().get(SECONDS, TimeUnit.SECONDS)).isZero();
  }

  @Test
  void endsWithItsStarter() throws Exception {
    ReplicaProcess replica = start();
    replica.ready().get(SECONDS, TimeUnit.SECONDS);
    replica.closeInput();
    assertThat(replica.exit().get(SECONDS, TimeUnit.SECONDS)).isZero();
  }

  @Test
  void wrongInputEndsItBeforeItIsReady() throws Exception {
    ReplicaProcess replica = start("--durability", "paper");
    assertThat(replica.exit().get(SECONDS, TimeUnit.SECONDS)).isEqualTo(2);
    assertThat(replica.ready()).isCancelled();
  }

  /** It was let in once: asking for a lock a second time gave the first one back. */
  @Test
  void aReplicaOfThisProcessKeepsOtherProcessesOutWhateverElseIsTriedHere() throws Exception {
    Path data = Files.createDirectories(cluster.resolve("replica-0").resolve("data"));
    try (DirectoryLock held = DirectoryLock.tryAcquire(data).orElseThrow()) {
      assertThat(DirectoryLock.tryAcquire(data)).isEmpty();
      assertThat(DirectoryLock.isHeld(data)).isTrue();
      ReplicaProcess replica = start();
      assertThat(replica.exit().get(SECONDS, TimeUnit.SECONDS)).isEqualTo(2);
      replica.stop(Duration.ofSeconds(SECONDS));
      assertThat(lines).anyMatch(line -> line.contains("replica 0 is running already"));
    }
  }

  @Test
  void aPortInUseIsOneClearLine() throws Exception {
    int port = ClusterConfig.load(cluster).replicas().get(0).port();
    try (ServerSocket squatter = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(squatter.isBound()).isTrue();
      Captured result = Captured.run("replica", cluster.toString(), "0");
      assertThat(result.exitCode()).isEqualTo(2);
      assertThat(result.errLines()).hasSize(1);
      assertThat(result.err()).contains(Integer.toString(port));
    }
  }
}
