package io.pbft.cli;

import io.pbft.crypto.Digest;
import io.pbft.node.ConfigException;
import io.pbft.node.ReplicaFiles;
import io.pbft.storage.JournalCorruptException;
import io.pbft.storage.JournalDump;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "journal",
    description = {
      "Print what a stopped replica has on disk: its snapshots, then each record of its journal with"
          + " file, offset, type, view, sequence number and digest. Changes nothing.",
      "What is damaged ends the list: standard error names file and offset, and the exit code is 1."
    })
final class JournalCommand implements Callable<Integer> {
  private static final int SHOWN_DIGITS = 16;

  @ParentCommand private PbftCommand root;

  @Parameters(index = "0", paramLabel = "DIR", description = "The cluster's directory.")
  private Path directory;

  @Parameters(index = "1", paramLabel = "ID", description = "Which replica, from 0.")
  private int id;

  private final Console console;

  JournalCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws ConfigException, CliException, IOException {
    ReplicaFiles files = ReplicaFiles.of(directory, id);
    if (!files.hasJournal()) {
      throw CliException.failed(files.data() + ": replica " + id + " has no journal there");
    }
    boolean running = files.isRunning();
    if (running) {
      console.complain("pbft: replica " + id + " is running: the last records may be missing");
    }
    if (!root.json()) {
      row("file", "offset", "type", "view", "sequence", "digest", "");
    }
    try {
      files.dump(root.json() ? this::printJson : this::printRow);
    } catch (JournalCorruptException e) {
      throw CliException.failed(
          running
              ? "what is being written can't be told from damage; stop the replica and look again"
              : e.getMessage(),
          e);
    } finally {
      console.out().flush();
    }
    return 0;
  }

  private void printRow(JournalDump.Line line) {
    row(
        line.file(),
        line.offset(),
        line.type(),
        line.view() < 0 ? "-" : line.view(),
        line.sequence() < 0 ? "-" : line.sequence(),
        line.digest() == null ? "-" : line.digest().toHex().substring(0, SHOWN_DIGITS),
        line.detail());
  }

  private void row(Object... cells) {
    String line = String.format("%-47s %9s  %-12s  %6s  %10s  %-16s  %s", cells);
    console.out().println(line.stripTrailing());
  }

  private void printJson(JournalDump.Line line) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("file", line.file());
    fields.put("offset", line.offset());
    fields.put("position", line.position() == 0 ? null : line.position());
    fields.put("type", line.type());
    fields.put("view", line.view() < 0 ? null : line.view());
    fields.put("sequence", line.sequence() < 0 ? null : line.sequence());
    fields.put("digest", hex(line.digest()));
    fields.put("detail", line.detail());
    console.out().println(Json.write(fields));
  }

  private static String hex(Digest digest) {
    return digest == null ? null : digest.toHex();
  }
}
