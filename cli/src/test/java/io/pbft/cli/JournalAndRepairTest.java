package io.pbft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.CoreStatus;
import io.pbft.core.Effect;
import io.pbft.core.Event;
import io.pbft.core.Observation;
import io.pbft.core.ReplicaCore;
import io.pbft.core.message.MessageType;
import io.pbft.node.Durability;
import io.pbft.node.PbftReplica;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A replica's memory as an operator meets it: looked at, found damaged, refused, repaired. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class JournalAndRepairTest {
  private static final int BROKEN = 2;
  private static final Set<MessageType> VOTES =
      Set.of(
          MessageType.PRE_PREPARE,
          MessageType.PREPARE,
          MessageType.COMMIT,
          MessageType.CHECKPOINT,
          MessageType.VIEW_CHANGE,
          MessageType.NEW_VIEW);

  @TempDir Path temporary;
  private Path cluster;
  private final PbftReplica[] running = new PbftReplica[TestClusters.REPLICAS];

  @BeforeEach
  void live() throws Exception {
    cluster = TestClusters.withSmallWindow(TestClusters.init(temporary.resolve("cluster")));
    for (int id = 0; id < running.length; id++) {
      start(id, UnaryOperator.identity());
    }
    put(0, 30);
  }

  @AfterEach
  void stop() {
    for (PbftReplica replica : running) {
      if (replica != null) {
        replica.close();
      }
    }
  }

  private void start(int id, UnaryOperator<ReplicaCore> decorator) throws Exception {
    running[id] =
        PbftReplica.builder(cluster, id).durability(Durability.SYNC).decorate(decorator).start();
  }

  /** One after the other, so that each is a batch of its own. */
  private void put(int from, int to) {
    StringBuilder lines = new StringBuilder();
    for (int i = from; i < to; i++) {
      lines.append("put k").append(i).append(' ').append(i).append('\n');
    }
    Captured done =
        Captured.runWithInput(
            lines.toString(), "kv", cluster.toString(), "shell", "--in-flight", "1");
    assertThat(done.exitCode()).as(done.err()).isZero();
  }

  private Captured pbft(String command, String... options) {
    List<String> args =
        new ArrayList<>(List.of(command, cluster.toString(), Integer.toString(BROKEN)));
    args.addAll(List.of(options));
    return Captured.run(args.toArray(String[]::new));
  }

  private void stopBroken() {
    running[BROKEN].close();
    running[BROKEN] = null;
  }

  private Path data() {
    return cluster.resolve("replica-" + BROKEN).resolve("data");
  }

  private Path segment() {
    return data().resolve("journal").resolve("segment-000000000001");
  }

  /** Flips a bit of the second record, so that sound ones are before and behind it. */
  private void damage() throws IOException {
    byte[] content = Files.readAllBytes(segment());
    content[1024 + 40] ^= 1;
    Files.write(segment(), content);
  }

  /** What is in the way of a start is one line and exit code 2; nothing is changed. */
  private void startIsRefused(String... message) {
    Captured refused = pbft("replica");
    assertThat(refused.exitCode()).as(refused.err()).isEqualTo(2);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.errLines()).hasSize(1);
    assertThat(refused.err()).contains(message);
  }

  @Test
  void theJournalIsPrintedReadably() {
    stopBroken();
    Captured table = pbft("journal");
    assertThat(table.exitCode()).as(table.err()).isZero();
    assertThat(table.err()).isEmpty();
    assertThat(table.outLines().get(0)).matches("file +offset +type +view +sequence +digest");
    String row = "journal/segment-000000000001 +\\d+ +%s +%s +%d  [0-9a-f]{16}.*";
    assertThat(table.outLines())
        .anyMatch(line -> line.matches("snapshots/snapshot-\\S+ +0 +snapshot .*"))
        .anyMatch(line -> line.contains("version 1, replica 2, cluster "))
        .anyMatch(line -> line.matches(String.format(row, "pre-prepared", "0", 3) + "1 request"))
        .anyMatch(line -> line.matches(String.format(row, "prepared", "0", 3)))
        .anyMatch(line -> line.matches(String.format(row, "checkpoint", "-", 8)))
        .anyMatch(line -> line.matches(String.format(row, "stable", "-", 8)));

    Captured json = pbft("journal", "--json");
    assertThat(json.exitCode()).isZero();
    assertThat(json.outLines()).hasSize(table.outLines().size() - 1);
    assertThat(json.outLines())
        .allMatch(line -> line.startsWith("{\"file\":\"") && line.endsWith("\"}"))
        .anyMatch(
            line ->
                line.matches(
                    ".*\"offset\":\\d+,\"position\":\\d+,\"type\":\"prepared\",\"view\":0,"
                        + "\"sequence\":3,\"digest\":\"[0-9a-f]{64}\",\"detail\":\"\"}"));
  }

  @Test
  void aDamagedReplicaIsRefusedRepairedAndVotesAgainOnlyWhenItMay() throws Exception {
    Captured early = pbft("repair", "--yes");
    assertThat(early.exitCode()).isEqualTo(1);
    assertThat(early.err())
        .isEqualTo("pbft: replica 2 is running: stop it first, a repair takes its journal away\n");
    stopBroken();
    assertThat(pbft("repair", "--yes"))
        .isEqualTo(
            new Captured(0, "the journal and the snapshots are sound: nothing to repair\n", ""));

    damage();
    String finding = segment() + " at offset 1024: the group's checksum does not match";
    startIsRefused(finding, "`./pbft repair DIR ID`");
    Captured journal = pbft("journal");
    assertThat(journal.exitCode()).isEqualTo(1);
    assertThat(journal.outLines()).anyMatch(line -> line.contains("pre-prepared"));
    assertThat(journal.errLines()).hasSize(1);
    assertThat(journal.err()).contains(finding);

    Captured asked = pbft("repair");
    assertThat(asked.exitCode()).isEqualTo(1);
    assertThat(asked.out())
        .startsWith("replica 2 can't start: " + finding)
        .contains("would drop", "would move journal", "nothing has been changed");
    startIsRefused(finding);

    Captured repaired = pbft("repair", "--yes");
    assertThat(repaired.exitCode()).as(repaired.err()).isZero();
    assertThat(repaired.out()).contains("moved to " + data().resolve("dropped-1"));
    rejoins();
  }

  /** It fetches the state, executes, says nothing that counts, and in the end votes again. */
  private void rejoins() throws Exception {
    Votes votes = new Votes();
    start(BROKEN, core -> votes.watch(core));
    int written = 30;
    while (!votes.resumed) {
      put(written, written + 8);
      written += 8;
      assertThat(written).as("operations until it votes again").isLessThan(2000);
    }
    assertThat(votes.tooEarly).isEmpty();
    while (!votes.since.containsAll(Set.of(MessageType.PREPARE, MessageType.COMMIT))) {
      put(written, written + 8);
      written += 8;
      assertThat(written).as("operations until it has voted").isLessThan(4000);
    }
    assertThat(Files.exists(data().resolve("forgotten"))).isFalse();

    // From now on its journal is its memory again: it may be one of the three that are left.
    stopBroken();
    start(BROKEN, UnaryOperator.identity());
    running[3].close();
    running[3] = null;
    put(written, written + 8);
    assertThat(Captured.run("kv", cluster.toString(), "get", "k7", "--read", "fast").out())
        .isEqualTo("7\n");
  }

  @Test
  void aMissingSegmentIsRefused() throws Exception {
    stopBroken();
    Files.delete(segment());
    startIsRefused(segment() + ": the segment is missing", "`./pbft repair DIR ID`");
    Captured asked = pbft("repair", "--json");
    assertThat(asked.exitCode()).isEqualTo(1);
    assertThat(asked.out())
        .startsWith("{\"replica\":2,\"finding\":\"" + segment() + ": the segment is missing")
        .endsWith("\"movedTo\":null}\n");
  }

  @Test
  void whatBelongsToOthersOrToTheFutureIsRefused() throws Exception {
    stopBroken();
    byte[] content = Files.readAllBytes(segment());
    byte[] newer = content.clone();
    ByteBuffer.wrap(newer).putInt(8, 2);
    Files.write(segment(), newer);
    startIsRefused(
        segment() + " at offset 8: format version 2, this program reads up to 1",
        "run the newer program that wrote it");
    Files.write(segment(), content);

    Path other = TestClusters.init(temporary.resolve("other"));
    Path its = other.resolve("replica-" + BROKEN).resolve("data");
    Files.createDirectories(its.getParent());
    Files.move(data(), its);
    Captured foreign = Captured.run("replica", other.toString(), Integer.toString(BROKEN));
    assertThat(foreign.exitCode()).isEqualTo(2);
    assertThat(foreign.errLines()).hasSize(1);
    assertThat(foreign.err()).containsPattern(" at offset 16: belongs to cluster [0-9a-f]{8}, ");
  }

  @Test
  void aRottenSnapshotIsNamedAndRefused() throws Exception {
    stopBroken();
    try (var snapshots = Files.list(data().resolve("snapshots"))) {
      for (Path snapshot : snapshots.toList()) {
        byte[] content = Files.readAllBytes(snapshot);
        content[512] ^= 1;
        Files.write(snapshot, content);
      }
    }
    Captured refused = pbft("replica");
    assertThat(refused.exitCode()).as(refused.err()).isEqualTo(2);
    assertThat(refused.out()).as("it never was").doesNotContain("ready");
    assertThat(refused.err())
        .contains(" at offset 512: chunk does not match its digest ")
        .contains("`./pbft repair DIR ID`");
    assertThat(pbft("repair", "--yes").exitCode()).isZero();
    start(BROKEN, UnaryOperator.identity());
  }

  @Test
  void withoutAJournalThereIsNothingToPrint() throws Exception {
    Path other = TestClusters.init(temporary.resolve("other"));
    Captured result = Captured.run("journal", other.toString(), "1");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("replica 1 has no journal there");
  }

  /** What a replica that has lost its memory sends to others. */
  private static final class Votes {
    private final Set<MessageType> tooEarly = new ConcurrentSkipListSet<>();
    private final Set<MessageType> since = new ConcurrentSkipListSet<>();
    private volatile boolean resumed;

    ReplicaCore watch(ReplicaCore core) {
      return new ReplicaCore() {
        @Override
        public List<Effect> step(Event event) {
          List<Effect> effects = core.step(event);
          effects.forEach(Votes.this::note);
          return effects;
        }

        @Override
        public CoreStatus status() {
          return core.status();
        }
      };
    }

    private void note(Effect effect) {
      MessageType type = null;
      if (effect instanceof Effect.Broadcast b) {
        type = b.message().type();
      } else if (effect instanceof Effect.Send s) {
        type = s.message().type();
      } else if (effect instanceof Effect.Observe o
          && o.observation() instanceof Observation.VotingResumed) {
        resumed = true;
      }
      if (type != null && VOTES.contains(type)) {
        (resumed ? since : tooEarly).add(type);
      }
    }
  }
}
