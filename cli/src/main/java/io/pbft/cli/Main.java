package io.pbft.cli;

import io.pbft.node.ConfigException;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntSupplier;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Entry point of the {@code pbft} command. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    if (Arrays.asList(args).contains("--verbose")) {
      Logging.verbose();
    }
    System.exit(run(Console.ofProcess(), args));
  }

  /** Runs a command and returns its exit code. */
  public static int run(Console console, String... args) {
    int exitCode = run(console, () -> commandLine(console).execute(args));
    console.out().flush();
    console.err().flush();
    return exitCode;
  }

  static int run(Console console, IntSupplier command) {
    try {
      return command.getAsInt();
    } catch (OutOfMemoryError e) {
      // What the command held is garbage by now.
      console.complain(
          "pbft: out of memory ("
              + oneLine(e.getMessage())
              + "); PBFT_JAVA_OPTS=-Xmx2g gives it more");
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  static CommandLine commandLine(Console console) {
    CommandLine commandLine = new CommandLine(PbftCommand.class, new Factory(console));
    commandLine.setOut(console.out());
    commandLine.setErr(console.err());
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    // A value may begin with @: it never names a file of arguments.
    commandLine.setExpandAtFiles(false);
    // Keys and values may begin with a dash.
    commandLine
        .getSubcommands()
        .get("kv")
        .getSubcommands()
        .values()
        .forEach(command -> command.setUnmatchedOptionsArePositionalParams(true));
    commandLine.setParameterExceptionHandler((e, args) -> wrongUsage(console, e));
    commandLine.setExecutionExceptionHandler((e, failed, parsed) -> failure(console, e, failed));
    return commandLine;
  }

  private static int wrongUsage(Console console, ParameterException e) {
    String message = oneLine(e.getMessage());
    if (e instanceof UnmatchedArgumentException unmatched) {
      List<String> suggestions = unmatched.getSuggestions();
      if (!suggestions.isEmpty()) {
        message += "; did you mean " + String.join(" or ", suggestions) + "?";
      }
    }
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    console.complain("pbft: " + message + " (see " + command + " --help)");
    return CommandLine.ExitCode.USAGE;
  }

  private static int failure(Console console, Exception e, CommandLine failed) {
    PbftCommand root = (PbftCommand) rootOf(failed).getCommandSpec().userObject();
    console.out().flush();
    if (root.verbose()) {
      e.printStackTrace(console.err());
    }
    if (e instanceof CliException known) {
      console.complain("pbft: " + oneLine(known.getMessage()));
      return known.exitCode();
    }
    if (e instanceof ConfigException) {
      console.complain("pbft: " + oneLine(e.getMessage()));
      return CommandLine.ExitCode.USAGE;
    }
    console.complain(
        "pbft: " + oneLine(e.toString()) + (root.verbose() ? "" : " (--verbose shows where)"));
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static CommandLine rootOf(CommandLine commandLine) {
    CommandLine parent = commandLine.getParent();
    return parent == null ? commandLine : rootOf(parent);
  }

  private static String oneLine(String message) {
    return String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", " ");
  }

  /** Hands the console to the commands that ask for it. */
  private record Factory(Console console) implements IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      for (var constructor : type.getDeclaredConstructors()) {
        Class<?>[] parameters = constructor.getParameterTypes();
        if (parameters.length == 1 && parameters[0] == Console.class) {
          return type.cast(constructor.newInstance(console));
        }
      }
      return CommandLine.defaultFactory().create(type);
    }
  }
}
