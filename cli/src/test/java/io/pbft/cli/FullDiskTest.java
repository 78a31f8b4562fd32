package io.pbft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.pbft.client.PbftClient;
import io.pbft.core.message.StatusReport;
import io.pbft.examples.kv.KvClient;
import io.pbft.node.Durability;
import io.pbft.node.PbftClients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Real processes, and a disk that has no room any more for one of them: it stops and says why, the
 * others go on, and when there is room again it comes back with what it had voted for.
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class FullDiskTest {
  private static final int VICTIM = 3;

  private LocalCluster cluster;
  private PbftClient client;
  private final Random random = new Random(1);
  private int written;

  @BeforeEach
  void init() throws Exception {
    cluster = new LocalCluster("pbft-full-disk-", 1, Durability.SYNC);
    client = PbftClients.connect(cluster.directory(), 0);
  }

  @AfterEach
  void close() {
    client.close();
    cluster.close();
  }

  private void startOthers() throws Exception {
    for (int id = 0; id < VICTIM; id++) {
      cluster.start(id);
    }
  }

  private Path data() throws IOException {
    return Files.createDirectories(
        cluster.directory().resolve("replica-" + VICTIM).resolve("data"));
  }

  /** Writes values, one after the other. */
  private void put(int count, int bytes) throws Exception {
    KvClient store = new KvClient(client);
    for (int i = 0; i < count; i++) {
      // Random, since equal chunks are stored once.
      byte[] value = new byte[bytes / 2];
      random.nextBytes(value);
      store.put("key-" + written, HexFormat.of().formatHex(value)).get(60, TimeUnit.SECONDS);
      written++;
    }
  }

  /** Under load until the replica is gone; the load never stops. */
  private void putUntilGone(ReplicaProcess replica, int bytes) throws Exception {
    while (replica.isAlive()) {
      put(1, bytes);
      assertThat(written).as("writes that the disk took").isLessThan(2000);
    }
    assertThat(replica.exit().get(60, TimeUnit.SECONDS)).isEqualTo(1);
    put(20, bytes);
  }

  /** A line says the reason, and there is no stack trace. */
  private void saysWhyItStopped(ReplicaProcess replica, String why) {
    replica.stop(Duration.ofSeconds(60));
    List<String> words = cluster.lastWords(VICTIM);
    assertThat(words).noneMatch(line -> line.startsWith("\tat "));
    // The log says it, too, and which of the two is first is anybody's guess.
    assertThat(words)
        .filteredOn(line -> line.startsWith("pbft: replica 3 has stopped: "))
        .singleElement()
        .asString()
        .contains(why);
  }

  /** It remembers, catches up without any help, and is one of the three that are needed then. */
  private void comesBack() throws Exception {
    cluster.start(VICTIM);
    assertThat(cluster.awaitReady(VICTIM)).as(cluster.lastWords(VICTIM).toString()).isTrue();
    long others = client.status(0).get(60, TimeUnit.SECONDS).lastExecuted();
    StatusReport report = client.status(VICTIM).get(60, TimeUnit.SECONDS);
    while (report.lastExecuted() < others) {
      report = client.status(VICTIM).get(60, TimeUnit.SECONDS);
    }
    cluster.kill(1);
    put(20, 100);
  }

  @Test
  void aFullFileSystemStopsOneReplicaAndFreedSpaceBringsItBack() throws Exception {
    TestClusters.withSmallWindow(cluster.directory());
    client.close();
    client = PbftClients.connect(cluster.directory(), 0);
    // Room for the segment in use, the next one, and little else.
    assumeThat(run("mount", "-t", "tmpfs", "-o", "size=33m,mode=0700", "tmpfs", data().toString()))
        .as("skipped: to mount a small file system takes root")
        .isZero();
    try {
      startOthers();
      ReplicaProcess victim = cluster.start(VICTIM);
      assertThat(cluster.awaitReady(VICTIM)).isTrue();
      putUntilGone(victim, 64 * 1024);
      saysWhyItStopped(victim, "No space left on device");
      assertThat(run("mount", "-o", "remount,size=300m", data().toString())).isZero();
      comesBack();
    } finally {
      cluster.kill(VICTIM);
      assertThat(run("umount", data().toString())).isZero();
    }
  }

  /** Also for the journal's own writes, whose files have their full size beforehand. */
  @Test
  void aWriteThatFailsStopsOneReplicaAtOnce() throws Exception {
    startOthers();
    ReplicaProcess victim = cluster.start(VICTIM);
    assertThat(cluster.awaitReady(VICTIM)).isTrue();
    put(20, 100);
    assumeThat(run("prlimit", "--pid", Long.toString(victim.pid()), "--fsize=4096"))
        .as("skipped: without prlimit no write can be made to fail")
        .isZero();
    putUntilGone(victim, 100);
    saysWhyItStopped(victim, "File too large");
    comesBack();
  }

  /** The exit code; -1 when there is no such command. */
  private static int run(String... command) throws Exception {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      process.getInputStream().readAllBytes();
      return process.waitFor();
    } catch (IOException noSuchCommand) {
      return -1;
    }
  }
}
