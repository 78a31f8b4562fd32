package io.pbft.cli;

import io.pbft.core.validation.AuthenticationMode;
import io.pbft.node.ClusterInit;
import io.pbft.node.ConfigException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "init",
    description =
        "Make a cluster's directory: cluster.yaml (public) and a private key (mode 0600) in"
            + " replica-I/ and client-C/ for each member.")
final class InitCommand implements Callable<Integer> {
  @ParentCommand private PbftCommand root;

  @Parameters(paramLabel = "DIR", description = "Where; must not hold a cluster yet.")
  private Path directory;

  @Option(
      names = "--replicas",
      paramLabel = "N",
      defaultValue = "4",
      description = "How many replicas, from 4 (default: ${DEFAULT-VALUE}).")
  private int replicas;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many clients (default: ${DEFAULT-VALUE}).")
  private int clients;

  @Option(
      names = "--base-port",
      paramLabel = "PORT",
      defaultValue = "7400",
      description =
          "Port of replica 0; others on the same host take the next (default: ${DEFAULT-VALUE}).")
  private int basePort;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "127.0.0.1",
      description =
          "Give one for all, or repeat it, one for each replica (default: ${DEFAULT-VALUE}).")
  private List<String> hosts;

  @Option(
      names = "--auth",
      paramLabel = "mac|signature",
      defaultValue = "mac",
      description =
          "How messages of the normal case are authenticated (default: ${DEFAULT-VALUE}).")
  private AuthenticationMode authentication;

  @Option(
      names = "--service",
      paramLabel = "NAME",
      defaultValue = "kv",
      description =
          "What is replicated: kv, counter, or a class on the classpath, which PBFT_CLASSPATH adds"
              + " to (default: ${DEFAULT-VALUE}).")
  private String service;

  private final Console console;

  InitCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws ConfigException {
    ClusterInit.create(
        directory,
        new ClusterInit.Options(replicas, clients, basePort, hosts, authentication, service));
    if (root.json()) {
      Map<String, Object> made = new LinkedHashMap<>();
      made.put("directory", directory.toString());
      made.put("replicas", replicas);
      made.put("clients", clients);
      made.put("service", service);
      console.say(Json.write(made));
    } else {
      console.say(
          String.format(
              "%s: %d replicas, %d %s, service %s, %s authentication",
              directory.resolve("cluster.yaml"),
              replicas,
              clients,
              clients == 1 ? "client" : "clients",
              service,
              authentication.name().toLowerCase(Locale.ROOT)));
    }
    return 0;
  }
}
