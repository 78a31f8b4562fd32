package io.pbft.bench.process;

import io.pbft.bench.Entries;
import io.pbft.examples.nothing.NullService;
import io.pbft.node.Durability;
import io.pbft.node.PbftReplica;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * One replica in a process of its own: {@code DIRECTORY ID memory|sync MEGABYTES}, of key-value
 * state that it begins with, 0 for a service that does nothing. To a line {@code heap} on its
 * standard input it answers with the bytes of its heap that are in use after a collection, to
 * {@code sample} and {@code sampled FILE} by taking stacks and writing them. It ends when its
 * standard input does.
 */
public final class ReplicaNode {
  /** Bytes of an entry's value, where there is state. */
  static final int VALUE_BYTES = 1_000;

  /** Says to take stacks from now on. */
  static final String SAMPLE = "sample";

  /** Says to stop, and where to write them. */
  static final String SAMPLED = "sampled ";

  private ReplicaNode() {}

  public static void main(String[] args) throws Exception {
    int megabytes = Integer.parseInt(args[3]);
    PbftReplica.builder(Path.of(args[0]), Integer.parseInt(args[1]))
        .durability(args[2].equals("sync") ? Durability.SYNC : Durability.MEMORY)
        .stateMachine(
            megabytes == 0
                ? new NullService().create()
                : new Entries(megabytes, VALUE_BYTES).filledStore())
        .start();
    System.out.println("ready");
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      System.out.println(answer(line));
    }
    // The starter is gone, however it went.
    Runtime.getRuntime().halt(0);
  }

  private static String answer(String line) throws IOException {
    if (line.equals(SAMPLE)) {
      StackSampler.start();
      return line;
    }
    if (line.startsWith(SAMPLED)) {
      StackSampler.stop(Path.of(line.substring(SAMPLED.length())));
      return line;
    }
    System.gc();
    return "" + ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
