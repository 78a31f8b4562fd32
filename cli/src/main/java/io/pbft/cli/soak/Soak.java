package io.pbft.cli.soak;

import io.pbft.cli.LocalCluster;
import io.pbft.client.PbftClient;
import io.pbft.examples.kv.KvClient;
import io.pbft.node.ConfigException;
import io.pbft.node.Durability;
import io.pbft.node.PbftClients;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Four replica processes under load. Each round kills a random subset of them with SIGKILL at a
 * random moment, now and then all, now and then one again while it recovers; starts them again; and
 * checks that operations go on by themselves, and that every write that any round saw acknowledged
 * is there, at each replica by its own word.
 */
public final class Soak {
  private static final int LANES = 16;
  private static final int WRITER = 0;
  private static final int AUDITOR = 1;
  private static final int MAX_MILLIS_BEFORE_KILL = 1500;
  private static final int MAX_MILLIS_DOWN = 1000;
  private static final long PATIENCE_SECONDS = 90;
  private static final long POLL_MILLIS = 50;

  private final long seed;
  private final SplittableRandom random;
  private final Durability durability;
  private final Consumer<String> story;
  private final TreeMap<String, String> acknowledged = new TreeMap<>();
  private LocalCluster cluster;
  private PbftClient writer;
  private PbftClient auditor;
  private int rounds;
  private int kills;
  private int killsOfAll;
  private int withoutResult;
  private long longestPauseMillis;

  /**
   * @param seed of all choices; the moments that they meet are the machine's
   * @param story gets a line a round
   */
  public Soak(long seed, Durability durability, Consumer<String> story) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    this.durability = durability;
    this.story = story;
  }

  /**
   * Runs whole rounds until the time is over, one at least.
   *
   * @throws SoakFailure if something acknowledged is missing, a replica does not come back, or
   *     operations do not go on; the replicas' files are left where the message says
   */
  public void run(Duration duration)
      throws SoakFailure, IOException, ConfigException, InterruptedException {
    LocalCluster processes = new LocalCluster("pbft-soak-", 2, durability);
    cluster = processes;
    Thread hook = new Thread(processes::close, "soak-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try (processes;
        PbftClient writing = PbftClients.connect(processes.directory(), WRITER);
        PbftClient auditing = PbftClients.connect(processes.directory(), AUDITOR)) {
      writer = writing;
      auditor = auditing;
      long end = System.nanoTime() + duration.toNanos();
      start(everybody());
      awaitReady();
      do {
        round();
      } while (System.nanoTime() - end < 0);
      check("", acknowledged);
    } catch (SoakFailure e) {
      processes.keep();
      throw new SoakFailure(
          "seed "
              + seed
              + ", round "
              + rounds
              + ": "
              + e.getMessage()
              + "; the replicas' files are in "
              + processes.directory(),
          e);
    } finally {
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }

  private void round() throws SoakFailure, IOException, InterruptedException {
    rounds++;
    String prefix = String.format("round-%05d/", rounds);
    Writers writers = new Writers(new KvClient(writer), prefix, LANES);
    List<Integer> victims = victims();
    pause(MAX_MILLIS_BEFORE_KILL);
    kill(victims);
    int down = pause(MAX_MILLIS_DOWN);
    start(victims);
    String again = "";
    if (random.nextInt(5) < 2) {
      List<Integer> twice = List.of(victims.get(random.nextInt(victims.size())));
      int after = pause(MAX_MILLIS_BEFORE_KILL);
      kill(twice);
      start(twice);
      again = ", " + twice + " again " + after + " ms later";
    }
    long startedAt = System.nanoTime();
    awaitReady();
    long startMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedAt);
    await(writers.nextAcknowledgement(), "no write was acknowledged any more");
    await(writers.stop(), "writes in flight got no answer any more");
    acknowledged.putAll(writers.acknowledged());
    withoutResult += writers.withoutResult();
    longestPauseMillis = Math.max(longestPauseMillis, writers.longestPauseMillis());
    check(prefix, writers.acknowledged());
    recheckAnEarlierRound();
    story.accept(
        String.format(
            "round %d: killed %s, down for %d ms%s, ready %d ms later; %d acknowledged writes are at"
                + " all replicas, the longest pause was %d ms",
            rounds,
            victims,
            down,
            again,
            startMillis,
            writers.acknowledged().size(),
            writers.longestPauseMillis()));
  }

  /** One to all, all a fifth of the time. */
  private List<Integer> victims() {
    if (random.nextInt(5) == 0) {
      killsOfAll++;
      return everybody();
    }
    List<Integer> victims = new ArrayList<>(everybody());
    int count = 1 + random.nextInt(LocalCluster.REPLICAS);
    while (victims.size() > count) {
      victims.remove(random.nextInt(victims.size()));
    }
    killsOfAll += victims.size() == LocalCluster.REPLICAS ? 1 : 0;
    return victims;
  }

  private static List<Integer> everybody() {
    return IntStream.range(0, LocalCluster.REPLICAS).boxed().toList();
  }

  private int pause(int maxMillis) throws InterruptedException {
    int millis = random.nextInt(maxMillis);
    TimeUnit.MILLISECONDS.sleep(millis);
    return millis;
  }

  private void kill(List<Integer> ids) {
    kills += ids.size();
    ids.parallelStream().forEach(cluster::kill);
  }

  private void start(List<Integer> ids) throws IOException {
    for (int id : ids) {
      cluster.start(id);
    }
  }

  private void awaitReady() throws SoakFailure {
    for (int id : everybody()) {
      if (!cluster.awaitReady(id)) {
        throw new SoakFailure("replica " + id + " did not start: " + cluster.lastWords(id));
      }
    }
  }

  private static void await(CompletableFuture<Void> future, String otherwise)
      throws SoakFailure, InterruptedException {
    try {
      future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new SoakFailure(otherwise + " within " + PATIENCE_SECONDS + " seconds", e);
    }
  }

  private void recheckAnEarlierRound() throws SoakFailure, InterruptedException {
    String prefix = String.format("round-%05d/", 1 + random.nextInt(rounds));
    check(prefix, acknowledged.subMap(prefix, prefix + Character.MAX_VALUE));
  }

  /** Nobody writes: each replica has to get there by itself. */
  private void check(String prefix, Map<String, String> expected)
      throws SoakFailure, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    TreeMap<String, String> first = null;
    for (int id : everybody()) {
      TreeMap<String, String> contents = Contents.of(auditor, id, prefix);
      String difference = Contents.difference(expected, contents);
      while (!difference.isEmpty() || (first != null && !contents.equals(first))) {
        if (System.nanoTime() - deadline > 0) {
          throw new SoakFailure(
              "replica "
                  + id
                  + ": "
                  + (difference.isEmpty() ? "its contents differ from replica 0's" : difference));
        }
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        contents = Contents.of(auditor, id, prefix);
        difference = Contents.difference(expected, contents);
      }
      first = first == null ? contents : first;
    }
  }

  /** What has happened so far. */
  public Map<String, Object> figures() {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("seed", seed);
    figures.put("rounds", rounds);
    figures.put("kills", kills);
    figures.put("killsOfAll", killsOfAll);
    figures.put("acknowledged", acknowledged.size());
    figures.put("withoutResult", withoutResult);
    figures.put("longestPauseMillis", longestPauseMillis);
    return figures;
  }
}
