package io.pbft.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.client.PbftClient;
import io.pbft.core.Observation;
import io.pbft.core.driver.ReplicaListener;
import io.pbft.core.message.StatusReport;
import io.pbft.core.spi.ExecutionContext;
import io.pbft.core.spi.Snapshot;
import io.pbft.core.spi.StateMachine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A replica whose state rots finds out at the next checkpoint, says so, and repairs itself. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DivergenceTest {
  private static final byte[] ADD = "add".getBytes(StandardCharsets.UTF_8);
  private static final int ROTTEN = 2;

  @TempDir Path temp;

  /** Counts one operation twice when told to, as a service that is not deterministic would. */
  private static final class Rotting implements StateMachine {
    private final StateMachine sound = new Counter();
    private volatile boolean rot;

    @Override
    public byte[] execute(byte[] operation, ExecutionContext context) {
      if (rot) {
        rot = false;
        sound.execute(operation, context);
      }
      return sound.execute(operation, context);
    }

    @Override
    public byte[] query(byte[] operation) {
      return sound.query(operation);
    }

    @Override
    public Snapshot snapshot() {
      return sound.snapshot();
    }

    @Override
    public void restore(Snapshot snapshot) {
      sound.restore(snapshot);
    }
  }

  private static final class Heard implements ReplicaListener {
    private final List<String> names = new CopyOnWriteArrayList<>();

    @Override
    public void onObservation(Observation observation) {
      if (observation instanceof Observation.StateDiverged
          || observation instanceof Observation.TransferStarted
          || observation instanceof Observation.TransferFinished) {
        names.add(observation.getClass().getSimpleName());
      }
    }
  }

  private static long add(PbftClient client, int times) throws Exception {
    long last = 0;
    for (int i = 0; i < times; i++) {
      last = Counter.number(TestCluster.await(client.invoke(ADD)));
    }
    return last;
  }

  private static long at(PbftClient client, int replica) throws Exception {
    return Counter.number(TestCluster.await(client.readFrom(replica, new byte[0])));
  }

  @Test
  void aReplicaWhoseStateRotsRepairsItselfAndRemembersThatItHad() throws Exception {
    Rotting machine = new Rotting();
    Heard heard = new Heard();
    try (TestCluster cluster =
            TestCluster.init(temp.resolve("cluster"), ClusterInit.Options.defaults())
                .durability(Durability.SYNC);
        PbftClient client = cluster.client(0)) {
      cluster.startAll();
      cluster.stop(ROTTEN);
      try (PbftReplica rotting =
          PbftReplica.builder(cluster.directory(), ROTTEN)
              .durability(Durability.SYNC)
              .stateMachine(machine)
              .listener(heard)
              .start()) {
        add(client, 10);
        machine.rot = true;
        // Over a checkpoint: nothing is noticed before.
        long last = add(client, 130);
        StatusReport report = TestCluster.await(client.status(ROTTEN));
        while (report.stableCheckpoint() < 128 || at(client, ROTTEN) != last) {
          report = TestCluster.await(client.status(ROTTEN));
        }
        assertThat(heard.names)
            .containsExactly("StateDiverged", "TransferStarted", "TransferFinished");
        assertThat(report.divergences()).isEqualTo(1);
        assertThat(report.waitingFor()).isEmpty();
        assertThat(rotting.status().divergences()).isEqualTo(1);
        assertThat(TestCluster.await(client.status(0)).divergences()).isZero();
      }
      // What is on disk is the repaired state, too; and it is one of the three that vote.
      cluster.start(ROTTEN, ReplicaListener.NONE);
      cluster.stop(3);
      long last = add(client, 130);
      StatusReport report = TestCluster.await(client.status(ROTTEN));
      while (report.stableCheckpoint() < 256 || at(client, ROTTEN) != last) {
        report = TestCluster.await(client.status(ROTTEN));
      }
      assertThat(report.divergences()).isZero();
    }
  }
}
