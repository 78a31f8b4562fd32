package io.pbft.bench.process;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A client that keeps to the rules and wants more than its share, in a process of its own: {@code
 * DIRECTORY CLIENT SESSIONS IN_FLIGHT BYTES}. To each line on its standard input it answers with
 * the numbers of operations that it has had answers to, has put off, and has sent to all since the
 * line before. It ends when its standard input does.
 */
final class Greedy {
  private Greedy() {}

  public static void main(String[] args) throws Exception {
    Fleet fleet = new Fleet(new byte[Integer.parseInt(args[4])]);
    fleet.connect(Path.of(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]));
    fleet.closedLoop(Integer.parseInt(args[3]));
    System.out.println("ready");
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      Fleet.Interval since = fleet.look();
      System.out.printf(
          "%d %d %d%n", since.micros().getTotalCount(), since.backedOff(), since.retransmitted());
    }
    // Without waiting for what is in flight: nobody is measured after it.
    Runtime.getRuntime().halt(0);
  }
}
