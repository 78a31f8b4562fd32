package io.pbft.cli;

import io.pbft.client.PbftClient;
import io.pbft.core.message.StatusReport;
import io.pbft.node.ClusterConfig;
import io.pbft.node.ConfigException;
import io.pbft.node.PbftClients;
import io.pbft.node.ReplicaInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "status",
    description = {
      "Ask each replica how it sees itself: a row a replica, or a JSON array. 'waiting for' says why"
          + " it waits and for whom, when it does. It is each replica's own word.",
      "Exits with 1 when no replica answers."
    })
final class StatusCommand implements Callable<Integer> {
  @ParentCommand private PbftCommand root;

  @Parameters(paramLabel = "DIR", description = "The cluster's directory.")
  private Path directory;

  @Option(
      names = "--client",
      paramLabel = "C",
      defaultValue = "0",
      description = "Which client's key to use (default: ${DEFAULT-VALUE}).")
  private int client;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "3s",
      converter = DurationConverter.class,
      description = "How long to wait for the answers (default: ${DEFAULT-VALUE}).")
  private Duration timeout;

  private final Console console;

  StatusCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws ConfigException {
    ClusterConfig config = ClusterConfig.load(directory);
    List<StatusReport> reports;
    try (PbftClient connection = PbftClients.connect(directory, client)) {
      reports = ask(connection, config.replicas().size(), timeout);
    }
    if (root.json()) {
      console.say(Json.write(objects(config, reports)));
    } else {
      printTable(config, reports);
    }
    return reports.stream().allMatch(report -> report == null) ? 1 : 0;
  }

  /** The reports by replica, null where none came in time. */
  static List<StatusReport> ask(PbftClient client, int replicas, Duration timeout) {
    List<CompletableFuture<StatusReport>> asked = new ArrayList<>();
    for (int id = 0; id < replicas; id++) {
      asked.add(
          client
              .status(id)
              .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
              .exceptionally(late -> null));
    }
    List<StatusReport> reports = new ArrayList<>();
    asked.forEach(future -> reports.add(future.join()));
    return reports;
  }

  private List<Map<String, Object>> objects(ClusterConfig config, List<StatusReport> reports) {
    List<Map<String, Object>> objects = new ArrayList<>();
    for (int id = 0; id < reports.size(); id++) {
      StatusReport report = reports.get(id);
      boolean up = report != null;
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("replica", id);
      fields.put("up", up);
      fields.put("view", up ? report.view() : null);
      fields.put("primary", up ? config.protocol().quorums().primary(report.view()) : null);
      fields.put("lastExecuted", up ? report.lastExecuted() : null);
      fields.put("stableCheckpoint", up ? report.stableCheckpoint() : null);
      fields.put("logSize", up ? report.logSize() : null);
      fields.put("peersConnected", up ? report.peersConnected() : null);
      fields.put("waitingFor", up ? report.waitingFor() : silent(config, id));
      fields.put("divergences", up ? report.divergences() : null);
      fields.put("refusals", up ? refusals(report) : null);
      objects.add(fields);
    }
    return objects;
  }

  private static Map<String, Long> refusals(StatusReport report) {
    Map<String, Long> refusals = new LinkedHashMap<>();
    report.refusals().forEach(count -> refusals.put(count.reason(), count.count()));
    return refusals;
  }

  private String silent(ClusterConfig config, int id) {
    ReplicaInfo replica = config.replicas().get(id);
    return "no answer from "
        + replica.host()
        + ":"
        + replica.port()
        + " within "
        + DurationConverter.text(timeout);
  }

  private static String remark(StatusReport report) {
    String waiting = report.waitingFor().isEmpty() ? "-" : report.waitingFor();
    return report.divergences() == 0
        ? waiting
        : waiting + " (own state was not the quorum's at " + report.divergences() + " checkpoints)";
  }

  private void printTable(ClusterConfig config, List<StatusReport> reports) {
    String format = "%-7s  %-4s  %6s  %7s  %13s  %10s  %8s  %5s  %s%n";
    console
        .out()
        .printf(
            format,
            "replica",
            "up",
            "view",
            "primary",
            "last executed",
            "checkpoint",
            "log size",
            "peers",
            "waiting for");
    for (int id = 0; id < reports.size(); id++) {
      StatusReport report = reports.get(id);
      if (report == null) {
        console.out().printf(format, id, "down", "-", "-", "-", "-", "-", "-", silent(config, id));
      } else {
        console
            .out()
            .printf(
                format,
                id,
                "up",
                report.active() ? report.view() : "->" + report.view(),
                config.protocol().quorums().primary(report.view()),
                report.lastExecuted(),
                report.stableCheckpoint(),
                report.logSize(),
                report.peersConnected(),
                remark(report));
      }
    }
    console.out().flush();
  }
}
