package io.pbft.lab.play;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.ReplicaCore;
import io.pbft.core.runtime.Defences;
import io.pbft.crypto.Principal;
import io.pbft.lab.oracle.Accusation;
import io.pbft.lab.oracle.Judge;
import io.pbft.lab.oracle.Verdict;
import io.pbft.lab.scenario.Phrase;
import io.pbft.lab.scenario.Rule;
import io.pbft.lab.scenario.Scenario;
import io.pbft.lab.scenario.TraitorSpec;
import io.pbft.lab.sim.Simulation;
import io.pbft.lab.traitor.Traitors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** Plays scenarios. Stateless; a run is a pure function of scenario, seed and service. */
public final class Player {
  private static final long SETTLE_INTERVALS = 4;
  private static final long AGREE_MILLIS = 10_000;
  static final long DISK_MICROS = 1_000;

  private final Scenario scenario;
  private final long seed;
  private final Service service;
  private final Stage stage;
  private final TreeMap<Integer, List<Rule>> replicaRules = new TreeMap<>();
  private final TreeMap<Integer, List<Rule>> clientRules = new TreeMap<>();
  private final TreeMap<Integer, Gang> gangs = new TreeMap<>();
  private final TreeMap<Integer, String> plays = new TreeMap<>();
  private final List<ScriptedReplica> cast = new ArrayList<>();
  private final List<Workload> workloads = new ArrayList<>();
  private final Defences defences;
  private Timeline timeline;
  private Judge oracles;

  private Player(
      Scenario scenario, long seed, Service service, Defences defences, PlayListener listener) {
    this.scenario = scenario;
    this.seed = seed;
    this.service = Services.of(scenario.cluster(), service);
    ProtocolConfig config = Settings.config(scenario.cluster());
    int f = Settings.traitors(scenario.cluster(), config.quorums());
    this.defences = f == config.quorums().f() ? defences : new Overconfident(defences, f);
    this.stage = new Stage(config, f, seed, defences, listener);
  }

  /** Plays a scenario on the simulator's registers. */
  public static Played play(Scenario scenario, long seed) {
    return play(scenario, seed, Service.registers());
  }

  /**
   * Plays a scenario.
   *
   * @throws IllegalArgumentException if a rule makes no sense, such as one that delays a message
   *     that was received
   */
  public static Played play(Scenario scenario, long seed, Service service) {
    return play(scenario, seed, service, Defences.ALL, PlayListener.NONE);
  }

  /** As {@link #play(Scenario, long, Service)}, with replicas some of whose defences are down. */
  public static Played play(Scenario scenario, long seed, Service service, Defences defences) {
    return play(scenario, seed, service, defences, PlayListener.NONE);
  }

  /** As {@link #play(Scenario, long, Service)}, watched: the run is the same. */
  public static Played play(Scenario scenario, long seed, Service service, PlayListener listener) {
    return play(scenario, seed, service, Defences.ALL, listener);
  }

  /** As {@link #play(Scenario, long, Service)}, with defences down and watched. */
  public static Played play(
      Scenario scenario, long seed, Service service, Defences defences, PlayListener listener) {
    Sense.check(scenario);
    return new Player(scenario, seed, service, defences, listener).run();
  }

  private Played run() {
    cast();
    TreeMap<Integer, Phrase> clients = clients();
    Simulation world = build();
    String failure = null;
    try {
      perform(world, clients);
      settle(world);
    } catch (RuntimeException e) {
      failure = "failure: " + e;
    }
    Verdict verdict = oracles.verdict();
    verdict.accused().forEach(accusation -> stage.chronicle().accused().add(accusation.replica()));
    Outcome outcome = new RunOutcome(stage, timeline, workloads, verdict, failure);
    return new Played(
        scenario,
        seed,
        findings(outcome),
        properties(outcome),
        stage.chronicle().refusals(),
        verdict.accused().stream().map(Accusation::toString).toList(),
        workloads.stream().mapToLong(Workload::completed).sum(),
        stage.hand().nowMicros(),
        world.events(),
        idleRules(),
        world.fingerprint());
  }

  private static Map<Outcome.Property, Outcome.Judgement> properties(Outcome outcome) {
    Map<Outcome.Property, Outcome.Judgement> properties = new TreeMap<>();
    for (Outcome.Property each : Outcome.Property.values()) {
      properties.put(each, outcome.of(each));
    }
    return properties;
  }

  private List<Finding> findings(Outcome outcome) {
    Claims claims =
        new Claims(stage, outcome, timeline, workloads, this::disagreement, this::honestThroughput);
    List<Finding> findings = new ArrayList<>();
    for (Phrase claim : scenario.expectations()) {
      if (applies(claim)) {
        findings.add(claims.judge(claim));
      }
    }
    findings.addAll(claims.unclaimed(scenario.expectations()));
    return findings;
  }

  /** Rules that did not apply at any of the replicas that have them. */
  private List<Rule> idleRules() {
    List<Rule> idle = new ArrayList<>();
    for (Matcher matcher : stage.rules()) {
      boolean applied =
          stage.rules().stream().anyMatch(m -> m.rule().equals(matcher.rule()) && m.hasFired());
      if (!applied && !idle.contains(matcher.rule())) {
        idle.add(matcher.rule());
      }
    }
    return idle;
  }

  /** Who is a traitor, with which rules and which accomplices. */
  private void cast() {
    if (scenario.cluster().has("twin")) {
      Principal twin = Principal.replica((int) scenario.cluster().number("twin", 0));
      if (isNobody(twin)) {
        throw new IllegalArgumentException("there is no r" + twin.id() + " to be a twin");
      }
      stage.addTraitor(twin);
    }
    Gang allColluders = new Gang();
    Stage.Self nobody = new Stage.Self(Principal.client(0), 0, null);
    for (TraitorSpec spec : scenario.traitors()) {
      for (Principal who : stage.resolve(spec.who(), nobody)) {
        if (isNobody(who)) {
          throw new IllegalArgumentException("there is no r" + who.id());
        }
        stage.addTraitor(who);
        if (who.kind() == Principal.Kind.CLIENT) {
          clientRules.computeIfAbsent(who.id(), c -> new ArrayList<>()).addAll(spec.rules());
        } else {
          replicaRules.computeIfAbsent(who.id(), r -> new ArrayList<>()).addAll(spec.rules());
          gangs.put(who.id(), spec.colluding() ? allColluders : new Gang());
          if (spec.plays() != null) {
            plays.put(who.id(), spec.plays());
          }
        }
      }
    }
  }

  private boolean isNobody(Principal who) {
    return who.kind() == Principal.Kind.REPLICA && who.id() >= stage.config().n();
  }

  /** Correct clients by number, with their workloads. */
  private TreeMap<Integer, Phrase> clients() {
    TreeMap<Integer, Phrase> clients = new TreeMap<>();
    TreeSet<Integer> taken = new TreeSet<>(clientRules.keySet());
    for (Phrase each : scenario.clients()) {
      if (each.has("name")) {
        int id = Integer.parseInt(each.word("name").substring(1));
        clients.put(id, each);
        taken.add(id);
      }
    }
    for (Phrase each : scenario.clients()) {
      for (long left = each.number("count", 0); left > 0; left--) {
        int id = 0;
        while (taken.contains(id)) {
          id++;
        }
        taken.add(id);
        clients.put(id, each);
      }
    }
    stage.chronicle().clients().addAll(taken);
    return clients;
  }

  private Simulation build() {
    int clientCount =
        1 + (stage.chronicle().clients().isEmpty() ? 0 : stage.chronicle().clients().last());
    Simulation world =
        Simulation.builder()
            .config(stage.config())
            .mode(Settings.mode(scenario.cluster()))
            .clients(clientCount)
            .seed(seed)
            .machines(id -> id < 0 ? service.machine() : service.machine(id))
            .disks(scenario.cluster().has("disks"))
            .twin((int) scenario.cluster().number("twin", -1))
            .defences(id -> defences)
            .traitors(this::wrapper)
            .build();
    oracles = Judge.of(world);
    stage.badClients().forEach(c -> world.client(c).markFaulty());
    stage.onRestart(id -> world.restart(id, wrapperThatBegins(id)));
    for (int i = 0; scenario.cluster().has("disks") && i < stage.config().n(); i++) {
      world.disk(i).latency(0, DISK_MICROS);
    }
    stage.open(world);
    Phrase network = scenario.network();
    if (network.has("latency")) {
      world
          .network()
          .latency(network.range("latency").fromMicros(), network.range("latency").toMicros());
    }
    world.network().loss(network.share("loss", 0)).duplication(network.share("duplicate", 0));
    timeline = new Timeline(stage, scenario.timeline());
    return world;
  }

  private UnaryOperator<ReplicaCore> wrapper(int id) {
    if (!replicaRules.containsKey(id)) {
      return null;
    }
    ProtocolConfig config = stage.config();
    return honest -> {
      Overheard overheard = new Overheard(honest, plays.get(id));
      ReplicaCore core =
          plays.containsKey(id)
              ? Traitors.named(plays.get(id), id, config.n(), seed).apply(overheard)
              : overheard;
      ScriptedReplica scripted =
          new ScriptedReplica(stage, id, core, gangs.get(id), replicaRules.get(id));
      scripted.compareWith(overheard);
      cast.add(scripted);
      return scripted;
    };
  }

  private UnaryOperator<ReplicaCore> wrapperThatBegins(int id) {
    return honest -> {
      ScriptedReplica scripted = (ScriptedReplica) wrapper(id).apply(honest);
      scripted.begin();
      return scripted;
    };
  }

  private void perform(Simulation world, TreeMap<Integer, Phrase> clients) {
    List.copyOf(cast).forEach(ScriptedReplica::begin);
    clientRules.forEach((id, rules) -> new ScriptedClient(stage, id, rules));
    clients.forEach((id, how) -> workloads.add(new Workload(stage, service, id, how)));
    long limit = scenario.duration().toMicros(stage.config()) / 1_000;
    if (workloads.isEmpty()) {
      world.run(limit);
    } else {
      world.runUntil(() -> isBroken() || workloads.stream().allMatch(Workload::isDone), limit);
      world.run(SETTLE_INTERVALS * stage.config().statusIntervalMillis());
    }
  }

  private boolean isBroken() {
    return oracles.hasViolations();
  }

  /** Gives everybody time to catch up where that is expected. */
  private void settle(Simulation world) {
    for (int waited = 0; !isBroken() && waited < AGREE_MILLIS; waited += 100) {
      if (scenario.expectations().stream().allMatch(this::isSettled)) {
        return;
      }
      world.run(100);
    }
  }

  private boolean isSettled(Phrase claim) {
    Stage.Self nobody = new Stage.Self(Principal.client(0), 0, null);
    return switch (claim.head()) {
      case "agreed" -> disagreement().isEmpty();
      case "repaired" ->
          Claims.unrepaired(stage, stage.replicas(claim.actors("who"), nobody)).isEmpty();
      default -> true;
    };
  }

  /** Why not all that was acknowledged is every correct replica's state; empty when it is. */
  private String disagreement() {
    String differs = Claims.disagreement(stage);
    return differs.isEmpty() ? oracles.undecided().stream().findFirst().orElse("") : differs;
  }

  private boolean applies(Phrase claim) {
    return switch (claim.word("if", "always")) {
      case "mac" -> scenario.cluster().word("auth", "mac").equals("mac");
      case "signature" -> scenario.cluster().word("auth", "mac").equals("signature");
      case "n4" -> stage.config().n() == 4;
      case "n7" -> stage.config().n() == 7;
      default -> true;
    };
  }

  private double honestThroughput() {
    Scenario alone = scenario.withTraitors(List.of()).withExpectations(List.of());
    Player player = new Player(alone, seed, service, defences, PlayListener.NONE);
    player.run();
    return Claims.throughput(player.workloads);
  }
}
