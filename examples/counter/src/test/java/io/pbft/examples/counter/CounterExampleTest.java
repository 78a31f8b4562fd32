package io.pbft.examples.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pbft.client.OperationFailedException;
import io.pbft.client.PbftClient;
import io.pbft.core.spi.ExecutionContext;
import io.pbft.node.ClusterInit;
import io.pbft.node.PbftClients;
import io.pbft.node.PbftReplica;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CounterExampleTest {
  @TempDir Path temporary;

  @Test
  void fourReplicasAgreeOnTheSums() throws Exception {
    Path cluster = temporary.resolve("cluster");
    ClusterInit.create(cluster, ClusterInit.Options.defaults().withService("counter"));
    useFreePorts(cluster.resolve("cluster.yaml"));
    List<PbftReplica> replicas = new ArrayList<>();
    try (PbftClient client = PbftClients.connect(cluster, 0)) {
      for (int id = 0; id < 4; id++) {
        replicas.add(PbftReplica.builder(cluster, id).start());
      }
      for (long i = 1, sum = 1; i <= 10; i++, sum += i) {
        byte[] result = client.invoke(CounterStateMachine.toBytes(i)).get(60, TimeUnit.SECONDS);
        assertThat(CounterStateMachine.toLong(result)).isEqualTo(sum);
      }
      assertThatThrownBy(() -> client.invoke(new byte[3]).get(60, TimeUnit.SECONDS))
          .as("what the state machine throws is a result, not a dead replica")
          .hasCauseInstanceOf(OperationFailedException.class);
      byte[] last = client.invoke(CounterStateMachine.toBytes(0)).get(60, TimeUnit.SECONDS);
      assertThat(CounterStateMachine.toLong(last)).isEqualTo(55);
    } finally {
      replicas.forEach(PbftReplica::close);
    }
  }

  @Test
  void aSnapshotIsTheNumber() {
    CounterStateMachine counter = new CounterStateMachine();
    counter.execute(CounterStateMachine.toBytes(42), new ExecutionContext(1, 0, 0));
    CounterStateMachine copy = new CounterStateMachine();
    copy.restore(counter.snapshot());
    assertThat(CounterStateMachine.toLong(copy.query(new byte[0]))).isEqualTo(42);
  }

  private static void useFreePorts(Path file) throws Exception {
    List<ServerSocket> sockets = new ArrayList<>();
    String yaml = Files.readString(file);
    for (int id = 0; id < 4; id++) {
      ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      sockets.add(free);
      yaml = yaml.replace("port: " + (7400 + id) + "\n", "port: " + free.getLocalPort() + "\n");
    }
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    Files.writeString(file, yaml);
  }
}
