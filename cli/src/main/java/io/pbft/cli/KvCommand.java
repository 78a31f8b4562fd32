package io.pbft.cli;

import io.pbft.cli.shell.Answers;
import io.pbft.cli.shell.Shell;
import io.pbft.client.ClientException;
import io.pbft.client.OperationFailedException;
import io.pbft.client.PbftClient;
import io.pbft.client.ReadMode;
import io.pbft.examples.kv.KvClient;
import io.pbft.examples.kv.KvException;
import io.pbft.examples.kv.KvOperation;
import io.pbft.examples.kv.KvResult;
import io.pbft.node.ClusterConfig;
import io.pbft.node.ConfigException;
import io.pbft.node.PbftClients;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

@Command(
    name = "kv",
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Use the replicated key-value store. Keys and values are UTF-8 text; one that begins with a"
          + " dash may need -- before it."
    })
final class KvCommand implements Runnable {
  private static final int SCAN_PAGE = 1_000;

  @Spec private CommandSpec spec;
  @ParentCommand private PbftCommand root;

  @Parameters(paramLabel = "DIR", description = "The cluster's directory.")
  private Path directory;

  @Option(
      names = "--client",
      paramLabel = "C",
      defaultValue = "0",
      scope = ScopeType.INHERIT,
      description = "Which client to be (default: ${DEFAULT-VALUE}).")
  private int client;

  @Option(
      names = "--read",
      paramLabel = "ordered|fast|stale",
      defaultValue = "ordered",
      scope = ScopeType.INHERIT,
      description =
          "ordered: linearizable, like a write; fast: linearizable, one round trip, asks all"
              + " replicas; stale: any one replica's word (default: ${DEFAULT-VALUE}).")
  private ReadMode read;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "10s",
      converter = DurationConverter.class,
      scope = ScopeType.INHERIT,
      description = "How long to wait for an answer (default: ${DEFAULT-VALUE}).")
  private Duration timeout;

  private final Console console;

  KvCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Missing command: put, get, del, cas, scan or shell");
  }

  @Command(description = "Set a key. Prints OK.")
  int put(
      @Parameters(paramLabel = "KEY") String key, @Parameters(paramLabel = "VALUE") String value)
      throws CliException, ConfigException {
    return answer(perform(new KvOperation.Put(utf8(key), utf8(value))));
  }

  @Command(
      description = "Print a key's bare value. Exits with 1, and prints nothing, if there is none.")
  int get(@Parameters(paramLabel = "KEY") String key) throws CliException, ConfigException {
    return answer(perform(new KvOperation.Get(utf8(key))));
  }

  @Command(description = "Remove a key, if it is there. Prints OK.")
  int del(@Parameters(paramLabel = "KEY") String key) throws CliException, ConfigException {
    perform(new KvOperation.Delete(utf8(key)));
    return answer(new KvResult.Done());
  }

  @Command(
      description =
          "Set a key to NEW if its value is OLD. Prints OK, or CONFLICT and the present value (just"
              + " CONFLICT if there is none) and exits with 1.")
  int cas(
      @Parameters(paramLabel = "KEY") String key,
      @Parameters(paramLabel = "OLD") String expected,
      @Parameters(paramLabel = "NEW") String value)
      throws CliException, ConfigException {
    return answer(perform(new KvOperation.CompareAndSet(utf8(key), utf8(expected), utf8(value))));
  }

  @Command(
      description =
          "Print the entries whose keys start with PREFIX ('' for all), in key order: the key, a tab"
              + " and the value. What has a control character is quoted as in the shell. Pages of"
              + " a long scan may see different moments.")
  int scan(
      @Parameters(paramLabel = "PREFIX") String prefix,
      @Option(
              names = "--limit",
              paramLabel = "N",
              description = "Print at most N entries (default: all).")
          Integer limit)
      throws CliException, ConfigException {
    if (limit != null && limit < 1) {
      throw CliException.wrong("--limit must be at least 1");
    }
    try (PbftClient connection = PbftClients.connect(directory, client)) {
      KvClient store = new KvClient(connection);
      int left = limit == null ? Integer.MAX_VALUE : limit;
      byte[] after = null;
      KvResult.Entries page;
      do {
        page =
            (KvResult.Entries)
                await(store, new KvOperation.Scan(utf8(prefix), after, Math.min(left, SCAN_PAGE)));
        for (KvResult.Entry entry : page.entries()) {
          console.out().println(root.json() ? entryJson(entry) : Answers.entry(entry));
          after = entry.key();
          left--;
        }
      } while (page.more() && left > 0);
    }
    console.out().flush();
    return 0;
  }

  @Command(
      description = {
        "Read commands line by line from standard input and answer each, in order: put K V, get K,"
            + " del K, cas K OLD NEW, scan PREFIX.",
        "",
        "Answers: OK, VALUE v, NONE, CONFLICT v, ERROR why. A scan answers its entries, key, tab,"
            + " value, then OK (NONE if there are none). Text with spaces is quoted: \"a b\", in"
            + " which \\\" \\\\ \\n \\r \\t \\uXXXX stand for what they say; answers quote only"
            + " values with control characters or a quote at their beginning. Empty lines and"
            + " lines that begin with # are skipped.",
        "",
        "Lines are read ahead: many operations are in flight, and a read sees the writes of the"
            + " lines before it. A line that cannot be parsed answers ERROR line N: why, the rest"
            + " goes on, and the exit code is 2; it is 1 when the cluster gives no answer in"
            + " time, which ends the shell."
      })
  int shell(
      @Option(
              names = "--in-flight",
              paramLabel = "N",
              defaultValue = "256",
              description = "Operations in flight at most (default: ${DEFAULT-VALUE}).")
          int inFlight)
      throws CliException, ConfigException, InterruptedException {
    if (inFlight < 1 || inFlight > Shell.MAX_IN_FLIGHT) {
      throw CliException.wrong("--in-flight must be from 1 to " + Shell.MAX_IN_FLIGHT);
    }
    int replicas = ClusterConfig.load(directory).replicas().size();
    try (PbftClient connection = PbftClients.connect(directory, client)) {
      Connections.awaitQuorum(connection, replicas);
      return new Shell(console, new KvClient(connection), read, inFlight, timeout).run();
    }
  }

  private KvResult perform(KvOperation operation) throws CliException, ConfigException {
    try (PbftClient connection = PbftClients.connect(directory, client)) {
      return await(new KvClient(connection), operation);
    }
  }

  private KvResult await(KvClient store, KvOperation operation) throws CliException {
    try {
      return store
          .perform(operation, read)
          .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
          .join();
    } catch (IllegalArgumentException e) {
      throw CliException.wrong(e.getMessage());
    } catch (CompletionException e) {
      if (e.getCause() instanceof TimeoutException) {
        throw CliException.failed(
            "no answer from the cluster within "
                + DurationConverter.text(timeout)
                + "; it may still be carried out (see: pbft status "
                + directory
                + ")");
      }
      if (e.getCause() instanceof KvException
          || e.getCause() instanceof ClientException
          || e.getCause() instanceof OperationFailedException) {
        throw CliException.failed(e.getCause().getMessage(), e.getCause());
      }
      throw e;
    }
  }

  private int answer(KvResult result) {
    boolean held = !(result instanceof KvResult.None || result instanceof KvResult.Conflict);
    if (root.json()) {
      console.say(resultJson(result));
    } else if (result instanceof KvResult.Value value) {
      console.say(Answers.text(value.value()));
    } else if (!(result instanceof KvResult.None)) {
      console.say(Answers.of(result));
    }
    return held ? 0 : 1;
  }

  private static String resultJson(KvResult result) {
    Map<String, Object> fields = new LinkedHashMap<>();
    if (result instanceof KvResult.Value value) {
      fields.put("found", true);
      fields.put("value", Answers.text(value.value()));
    } else if (result instanceof KvResult.None) {
      fields.put("found", false);
    } else if (result instanceof KvResult.Conflict conflict) {
      fields.put("result", "CONFLICT");
      fields.put("value", conflict.current() == null ? null : Answers.text(conflict.current()));
    } else {
      fields.put("result", "OK");
    }
    return Json.write(fields);
  }

  private static String entryJson(KvResult.Entry entry) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("key", Answers.text(entry.key()));
    fields.put("value", Answers.text(entry.value()));
    return Json.write(fields);
  }

  private static byte[] utf8(String string) {
    return string.getBytes(StandardCharsets.UTF_8);
  }
}
