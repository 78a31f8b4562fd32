package io.pbft.examples.counter;

import io.pbft.client.PbftClient;
import io.pbft.node.ClusterConfig;
import io.pbft.node.PbftClients;
import io.pbft.node.PbftReplica;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Four replicas and a client in one process; the directory is made by {@code pbft init}. */
public final class CounterExample {
  private CounterExample() {}

  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    List<PbftReplica> replicas = new ArrayList<>();
    for (int id = 0; id < ClusterConfig.load(directory).replicas().size(); id++) {
      replicas.add(
          PbftReplica.builder(directory, id).stateMachine(new CounterStateMachine()).start());
    }
    try (PbftClient client = PbftClients.connect(directory, 0)) {
      for (int i = 1; i <= 10; i++) {
        byte[] sum = client.invoke(CounterStateMachine.toBytes(i)).join();
        System.out.println(CounterStateMachine.toLong(sum));
      }
    }
    replicas.forEach(PbftReplica::close);
  }
}
