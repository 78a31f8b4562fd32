package io.pbft.lab.dsl;

import io.pbft.lab.play.Service;
import io.pbft.lab.scenario.Actors;
import io.pbft.lab.scenario.Phrase;
import io.pbft.lab.scenario.Range;
import io.pbft.lab.scenario.Rule;
import io.pbft.lab.scenario.Scenario;
import io.pbft.lab.scenario.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A scenario in the making: a cluster, its clients and traitors, and what befalls them; then {@link
 * #run} plays it. Tests get one from {@link TraitorTest}. Not thread safe.
 */
public final class Lab {
  private final long seed;
  private final List<TraitorRules> traitors = new ArrayList<>();
  private Scenario scenario;
  private Service service = Service.registers();
  private Run last;

  /**
   * @param n replicas
   * @param seed of everything that is left to chance
   */
  public Lab(String title, int n, long seed, String... ids) {
    this.seed = seed;
    Scenario named = Scenario.named(title, ids);
    this.scenario = named.withCluster(named.cluster().with("n", (long) n));
  }

  public long seed() {
    return seed;
  }

  /** Your own service instead of the simulator's registers. */
  public Lab service(Service value) {
    service = value;
    return this;
  }

  /** A setting of the {@code cluster} line of {@code .traitor} files: a time. */
  public Lab cluster(String setting, Span time) {
    return cluster(scenario.cluster().with(setting, time));
  }

  /** A setting of the {@code cluster} line of {@code .traitor} files: a number. */
  public Lab cluster(String setting, long number) {
    return cluster(scenario.cluster().with(setting, number));
  }

  /** A setting of the {@code cluster} line of {@code .traitor} files: a word. */
  public Lab cluster(String setting, String word) {
    return cluster(scenario.cluster().with(setting, word));
  }

  private Lab cluster(Phrase cluster) {
    scenario = scenario.withCluster(cluster);
    return this;
  }

  /** How long messages take, in milliseconds. */
  public Lab latency(long fromMillis, long toMillis) {
    Range range = new Range(fromMillis * 1_000, toMillis * 1_000);
    scenario = scenario.withNetwork(scenario.network().with("latency", range));
    return this;
  }

  /** A correct client, {@code c0}, {@code c1} ... */
  public Clients client(String name) {
    return load ->
        scenario = scenario.andClient(load.phrase().renamed("client").with("name", name));
  }

  /** Several correct clients that do the same. */
  public Clients clients(long count) {
    return load -> scenario = scenario.andClient(load.phrase().with("count", count));
  }

  /** Clients without work yet. */
  public interface Clients {
    /** What they do. */
    void runs(Load load);
  }

  public TraitorRules traitor(Actors who) {
    return add(new TraitorRules(who, false));
  }

  /** Several that share keys and what they know. */
  public void collude(Consumer<TraitorRules> rules, String... who) {
    rules.accept(add(new TraitorRules(Actors.of(who), true)));
  }

  private TraitorRules add(TraitorRules rules) {
    traitors.add(rules);
    return rules;
  }

  public Incidents network() {
    return new Incidents(this);
  }

  void incident(Rule rule) {
    scenario = scenario.and(rule);
  }

  /** The model, as it is now. */
  public Scenario scenario() {
    Scenario built = scenario;
    for (TraitorRules rules : traitors) {
      built = built.and(rules.spec());
    }
    return built;
  }

  /** Declares for how long at most it runs; claims follow, and then {@link Run#verify}. */
  public Run run(Span atMost) {
    return new Run(this, scenario().lasting(atMost), seed, service);
  }

  void played(Run run) {
    last = run;
  }

  /** The run that was played last, or null. */
  Run lastRun() {
    return last;
  }
}
