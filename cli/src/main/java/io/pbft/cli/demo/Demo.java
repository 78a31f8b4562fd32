package io.pbft.cli.demo;

import io.pbft.cli.Connections;
import io.pbft.cli.LocalCluster;
import io.pbft.client.PbftClient;
import io.pbft.core.message.Reason;
import io.pbft.examples.kv.KvClient;
import io.pbft.node.ConfigException;
import io.pbft.node.Durability;
import io.pbft.node.PbftClients;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * The story. At each moment at most one of the four replicas is faulty: down, still recovering, or
 * a traitor.
 */
public final class Demo {
  private static final int WORKER = 0;
  private static final int AUDITOR = 1;
  private static final int WARM_UP_OPERATIONS = 1_000;
  private static final int PROOF_OPERATIONS = 500;
  private static final long LAST_ANSWERS_SECONDS = 40;
  private static final String TRAITOR = "liar";

  private final Narrator narrator;
  private Map<String, Object> figures = Map.of("ok", false);
  private LocalCluster cluster;
  private Observer observer;
  private PbftClient worker;
  private Workload workload;

  public Demo(Narrator narrator) {
    this.narrator = narrator;
  }

  /** The figures of the last run, for JSON. */
  public Map<String, Object> figures() {
    return figures;
  }

  /** Plays it; true if everything happened and nothing acknowledged was lost. */
  public boolean run() throws IOException, ConfigException, InterruptedException {
    narrator.title("PBFT: four replicas, of which any one may crash, lie or be taken over");
    LocalCluster processes = new LocalCluster("pbft-demo-", 2, Durability.MEMORY);
    cluster = processes;
    Thread hook = new Thread(processes::close, "demo-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try (processes;
        PbftClient working = PbftClients.connect(processes.directory(), WORKER);
        PbftClient auditing = PbftClients.connect(processes.directory(), AUDITOR)) {
      worker = working;
      observer = new Observer(auditing);
      workload = new Workload(new KvClient(working));
      return play(new KvClient(auditing));
    } finally {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException alreadyEnding) {
        narrator.aside("interrupted");
      }
    }
  }

  private boolean play(KvClient auditor) throws IOException, InterruptedException {
    try {
      birth();
      int killed = killPrimary();
      comeBack(killed);
      int traitor = smuggleIn();
      treason(traitor);
      return settle(auditor, allBut(traitor));
    } catch (DemoFailure e) {
      narrator.bad(e.getMessage());
      for (int id = 0; id < LocalCluster.REPLICAS; id++) {
        for (String line : cluster.lastWords(id)) {
          narrator.aside("replica " + id + ": " + line);
        }
      }
      figures = Map.of("ok", false, "failure", e.getMessage());
      narrator.verdict(false, "the story did not come to its end");
      return false;
    }
  }

  private void birth() throws IOException, DemoFailure, InterruptedException {
    narrator.chapter("Four processes, fresh keys, TCP on the loopback interface");
    for (int id = 0; id < LocalCluster.REPLICAS; id++) {
      cluster.start(id);
    }
    for (int id = 0; id < LocalCluster.REPLICAS; id++) {
      awaitReady(id);
      narrator.good("replica " + id + " is ready, process " + cluster.pid(id));
    }
    Connections.awaitQuorum(worker, LocalCluster.REPLICAS);
    observer.awaitLinks(everybody());
    workload.start();
    operate(WARM_UP_OPERATIONS);
    Observer.Place place = settled(everybody());
    narrator.good(
        String.format(
            "a client writes and reads, and checks what it reads: %,d operations so far, view %d,"
                + " primary is replica %d",
            workload.operations(), place.view(), place.primary()));
  }

  private int killPrimary() throws DemoFailure {
    Observer.Place before = settled(everybody());
    int victim = before.primary();
    narrator.chapter("The primary dies: kill -9");
    workload.takeLongestPauseMillis();
    cluster.kill(victim);
    narrator.act("replica " + victim + " is gone, in the middle of its work");
    nextView(before, allBut(victim));
    return victim;
  }

  /** The view changes and operations go on. */
  private Observer.Place nextView(Observer.Place before, List<Integer> survivors)
      throws DemoFailure {
    Observer.Place after = observer.awaitViewAbove(before.view(), survivors);
    operate(PROOF_OPERATIONS);
    narrator.good(
        String.format(
            "operations go on in view %d under replica %d; the longest pause was %d ms",
            after.view(), after.primary(), workload.takeLongestPauseMillis()));
    return after;
  }

  private void comeBack(int id) throws IOException, DemoFailure {
    narrator.chapter("It comes back, remembering nothing");
    restart(id);
  }

  private void awaitReady(int id) throws DemoFailure {
    if (!cluster.awaitReady(id)) {
      throw new DemoFailure("replica " + id + " did not start");
    }
  }

  private void restart(int id, String... options) throws IOException, DemoFailure {
    cluster.start(id, options);
    awaitReady(id);
    narrator.act(
        "replica "
            + id
            + " is started again, process "
            + cluster.pid(id)
            + ", and asks the others");
    var report = observer.awaitRejoined(id, allBut(id));
    narrator.good(
        String.format(
            "it has caught up: view %d, executed up to %d, checkpoint %d; it votes again",
            report.view(), report.lastExecuted(), report.stableCheckpoint()));
  }

  /** Ends with a traitor, still playing along, as primary. */
  private int smuggleIn() throws IOException, DemoFailure {
    narrator.chapter("A traitor moves in, and bides its time");
    Observer.Place place = settled(everybody());
    int traitor = (place.primary() + 1) % LocalCluster.REPLICAS;
    narrator.act(
        "replica " + traitor + " is stopped; in its place, with its key, starts a traitor");
    cluster.stop(traitor);
    restart(traitor, "--plays", TRAITOR, "--when-told");
    place = settled(everybody());
    while (place.primary() != traitor) {
      int old = place.primary();
      narrator.act("replica " + old + ", the primary, is restarted for maintenance");
      workload.takeLongestPauseMillis();
      cluster.stop(old);
      nextView(place, allBut(old));
      restart(old);
      place = settled(everybody());
    }
    narrator.good("now the traitor is the primary, of view " + place.view());
    return traitor;
  }

  private void treason(int traitor) throws DemoFailure {
    narrator.chapter("The traitor shows its face");
    Observer.Place before = settled(everybody());
    if (before.primary() != traitor) {
      throw new DemoFailure("the view changed before the traitor could act");
    }
    Map<String, Long> refusedBefore = refusals(allBut(traitor));
    workload.takeLongestPauseMillis();
    cluster.tell(traitor, "now");
    narrator.act(
        "as primary it proposes one batch to some and another to others;"
            + " to clients it answers what it made up");
    nextView(before, allBut(traitor));
    Observer.await(
        "the client has refused no answer of the traitor",
        () -> worker.refusals().containsKey(Reason.WRONG_REPLY) ? true : null);
    Map<String, Long> refused = refusals(allBut(traitor));
    refusedBefore.forEach((reason, count) -> refused.merge(reason, -count, Long::sum));
    refused.values().removeIf(count -> count <= 0);
    if (!cluster.isAlive(traitor)) {
      throw new DemoFailure("the traitor is not there any more");
    }
    narrator.good("it is still there, and still lies; refused since it began:");
    tell(refused);
  }

  private boolean settle(KvClient auditor, List<Integer> honest) throws DemoFailure {
    narrator.chapter("The reckoning: a second client reads everything back");
    try {
      workload.stop().get(LAST_ANSWERS_SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new DemoFailure(workload.open() + " operations got no answer: " + e, e);
    }
    Observer.Place end = settled(honest);
    Map<String, String> acknowledged = workload.acknowledged();
    ReadBack readBack = ReadBack.of(auditor, acknowledged);
    List<String> wrong = workload.wrong();
    narrator.good(
        String.format("%,d keys read in order, %.1f s", readBack.read(), readBack.seconds()));
    wrong.stream().limit(5).forEach(narrator::bad);
    readBack.examples().forEach(narrator::bad);

    boolean held = wrong.isEmpty() && readBack.missing() == 0 && readBack.wrong() == 0;
    double rate = workload.operations() / workload.seconds();
    Map<String, Long> refusals = refusals(honest);
    figures = Figures.of(workload, readBack, end.view(), refusals, held, rate, narrator.seconds());
    narrator.chapter("Figures");
    narrator.figure("operations", String.format("%,d", workload.operations()));
    narrator.figure("operations a second", String.format("%,.0f (faults included)", rate));
    narrator.figure("longest pause", workload.longestPauseMillis() + " ms");
    narrator.figure("view changes", Long.toString(end.view()));
    narrator.figure("acknowledged writes", String.format("%,d", acknowledged.size()));
    narrator.figure("of these missing, wrong", readBack.missing() + ", " + readBack.wrong());
    narrator.figure(
        "refused by reason", "at the honest replicas since their start, and the client");
    tell(refusals);
    narrator.verdict(
        held,
        held
            ? String.format("nothing acknowledged was lost (%.0f seconds)", narrator.seconds())
            : "acknowledged writes are missing or wrong");
    return held;
  }

  private void tell(Map<String, Long> refusals) {
    refusals.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .forEach(
            entry ->
                narrator.aside(
                    String.format(
                        "%,9d  %-24s %s",
                        entry.getValue(), entry.getKey(), Figures.meaning(entry.getKey()))));
  }

  /** Refused at the replicas and by the working client. */
  private Map<String, Long> refusals(List<Integer> replicas) {
    Map<String, Long> sum = new TreeMap<>(observer.refusals(replicas));
    worker.refusals().forEach((reason, count) -> sum.merge(reason.name(), count, Long::sum));
    return sum;
  }

  /** Waits for so many operations more. */
  private void operate(int count) throws DemoFailure {
    long target = workload.operations() + count;
    Observer.await(
        "the client did not get " + count + " answers more",
        () -> (workload.operations() >= target || !workload.wrong().isEmpty()) ? true : null);
    if (!workload.wrong().isEmpty()) {
      throw new DemoFailure(workload.wrong().get(0));
    }
  }

  private Observer.Place settled(List<Integer> replicas) throws DemoFailure {
    return observer.awaitPlace(replicas);
  }

  private static List<Integer> everybody() {
    return allBut(-1);
  }

  private static List<Integer> allBut(int replica) {
    return IntStream.range(0, LocalCluster.REPLICAS).filter(id -> id != replica).boxed().toList();
  }
}
