package io.pbft.bench.process;

import io.pbft.bench.Directories;
import io.pbft.client.PbftClient;
import io.pbft.core.message.StatusReport;
import io.pbft.node.ClusterInit;
import io.pbft.node.PbftClients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** PBFT replicas in processes, over TCP on this machine; not thread safe. */
public final class Cluster implements AutoCloseable {
  private static final int STATUS_SECONDS = 10;

  /** As with the {@code pbft} command, separated by spaces. */
  private static final String FURTHER_FLAGS = "PBFT_REPLICA_OPTS";

  /**
   * What to start.
   *
   * @param replicas how many, from 4
   * @param clients how many clients have keys
   * @param basePort of replica 0; the others' follow
   * @param durable whether each vote is on the disk before it leaves
   * @param stateMegabytes of key-value state to begin with; 0 for a service that does nothing
   * @param flags of each replica's JVM; those in the environment ({@value #FURTHER_FLAGS}) follow
   */
  public record Options(
      int replicas,
      int clients,
      int basePort,
      boolean durable,
      int stateMegabytes,
      List<String> flags) {

    /** Four replicas without a disk whose service does nothing, one client. */
    public static Options at(int basePort) {
      return new Options(4, 1, basePort, false, 0, Processes.FLAGS);
    }

    public Options withReplicas(int count) {
      return new Options(count, clients, basePort, durable, stateMegabytes, flags);
    }

    public Options withClients(int count) {
      return new Options(replicas, count, basePort, durable, stateMegabytes, flags);
    }

    public Options withState(int megabytes) {
      return new Options(replicas, clients, basePort, durable, megabytes, flags);
    }

    public Options withDurable(boolean each) {
      return new Options(replicas, clients, basePort, each, stateMegabytes, flags);
    }

    public Options withFlags(List<String> others) {
      return new Options(replicas, clients, basePort, durable, stateMegabytes, others);
    }
  }

  private final Options options;
  private final Path directory;
  private final Processes processes;

  private Cluster(Options options, Path directory) {
    this.options = options;
    this.directory = directory;
    this.processes = new Processes(directory);
  }

  /** Starts one and waits until all replicas serve. */
  public static Cluster start(Options options) throws Exception {
    Cluster it = new Cluster(options, Files.createTempDirectory("pbft-bench"));
    try {
      ClusterInit.create(
          it.configuration(),
          ClusterInit.Options.defaults()
              .withReplicas(options.replicas)
              .withClients(options.clients)
              .withBasePort(options.basePort));
      List<String> flags = new ArrayList<>(options.flags);
      flags.addAll(furtherFlags());
      for (int id = 0; id < options.replicas; id++) {
        it.processes.launch(
            flags,
            ReplicaNode.class,
            List.of(
                it.configuration().toString(),
                "" + id,
                options.durable ? "sync" : "memory",
                "" + options.stateMegabytes));
      }
      it.processes.awaitReady();
      return it;
    } catch (Exception e) {
      it.close();
      throw e;
    }
  }

  private static List<String> furtherFlags() {
    String further = System.getenv().getOrDefault(FURTHER_FLAGS, "").strip();
    return further.isEmpty() ? List.of() : List.of(further.split("\\s+"));
  }

  /** The directory with the configuration and the clients' keys. */
  public Path configuration() {
    return directory.resolve("cluster");
  }

  /** Processor time of all replicas so far. */
  public Duration cpu() {
    return processes.cpu();
  }

  /** The system's numbers of the replicas' processes. */
  public List<Long> pids() {
    return IntStream.range(0, options.replicas).mapToObj(processes::pid).toList();
  }

  /** All replicas take stacks from now on. */
  public void startSampling() throws IOException {
    for (int id = 0; id < options.replicas; id++) {
      processes.ask(id, ReplicaNode.SAMPLE);
    }
  }

  /** Stops that, and returns the file of each replica; see {@link StackSampler#stop}. */
  public List<Path> stopSampling() throws IOException {
    List<Path> files = new ArrayList<>();
    for (int id = 0; id < options.replicas; id++) {
      Path file = directory.resolve("stacks-" + id);
      processes.ask(id, ReplicaNode.SAMPLED + file);
      files.add(file);
    }
    return files;
  }

  public void checkAlive() throws IOException {
    processes.checkAlive();
  }

  /** Megabytes in RAM of each replica; -1 where the system does not say. */
  public long[] residentMegabytes() throws IOException {
    long[] megabytes = new long[processes.count()];
    for (int i = 0; i < megabytes.length; i++) {
      megabytes[i] = toMegabytes(processes.residentBytes(i).orElse(-1L));
    }
    return megabytes;
  }

  /** Megabytes of each replica's heap in use after a collection. */
  public long[] heapMegabytes() throws IOException {
    long[] megabytes = new long[processes.count()];
    for (int i = 0; i < megabytes.length; i++) {
      megabytes[i] = toMegabytes(Long.parseLong(processes.ask(i, "heap")));
    }
    return megabytes;
  }

  private static long toMegabytes(long bytes) {
    return bytes < 0 ? -1 : Math.round(bytes / 1e6);
  }

  /** How each replica sees itself. */
  public List<StatusReport> status() throws Exception {
    try (PbftClient client = PbftClients.connect(configuration(), 0)) {
      var all =
          IntStream.range(0, options.replicas)
              .mapToObj(each -> client.status(each).orTimeout(STATUS_SECONDS, TimeUnit.SECONDS))
              .toList();
      return all.stream().map(each -> each.join()).toList();
    }
  }

  /** How often each reason was counted, over all replicas. */
  public Map<String, Long> refusals() throws Exception {
    return status().stream()
        .flatMap(report -> report.refusals().stream())
        .collect(
            Collectors.groupingBy(
                StatusReport.Count::reason,
                TreeMap::new,
                Collectors.summingLong(StatusReport.Count::count)));
  }

  /** The views that the replicas are in, each once. */
  public List<Long> views() throws Exception {
    return status().stream().map(StatusReport::view).distinct().sorted().toList();
  }

  /** As text, the least and the most. */
  public static String range(long... values) {
    long least = LongStream.of(values).min().orElse(0);
    long most = LongStream.of(values).max().orElse(0);
    return least == most ? "" + least : least + " to " + most;
  }

  @Override
  public void close() throws InterruptedException, IOException {
    processes.close();
    Directories.delete(directory);
  }
}
