package io.pbft.lab.scenario;

import io.pbft.lab.scenario.Vocabulary.Place;
import java.util.ArrayList;
import java.util.List;

/**
 * A cluster, its network and clients, its traitors, what befalls it and what is expected. A value:
 * equal scenarios with equal seeds run alike.
 *
 * @param ids of the catalogue's entries that it plays
 * @param cluster {@code cluster} and its settings
 * @param network {@code network} and its settings
 * @param clients the correct clients' workloads
 * @param timeline what befalls network and replicas, when
 * @param expectations claims about the run
 * @param duration how long the run takes at most
 * @param replay {@code replay}: the seed, and the defence that is down, where the run is one that
 *     was found
 */
public record Scenario(
    String title,
    List<String> ids,
    Phrase cluster,
    Phrase network,
    List<Phrase> clients,
    List<TraitorSpec> traitors,
    List<Rule> timeline,
    List<Phrase> expectations,
    Span duration,
    Phrase replay) {
  private static final Span DEFAULT_DURATION = Span.seconds(20);

  public Scenario {
    ids = List.copyOf(ids);
    clients = List.copyOf(clients);
    traitors = List.copyOf(traitors);
    timeline = List.copyOf(timeline);
    expectations = List.copyOf(expectations);
  }

  /** Four replicas, nobody else, nothing expected. */
  public static Scenario named(String title, String... ids) {
    return new Scenario(
        title,
        List.of(ids),
        Vocabulary.phrase(Place.SETTING, "cluster"),
        Vocabulary.phrase(Place.SETTING, "network"),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        DEFAULT_DURATION,
        Vocabulary.phrase(Place.SETTING, "replay"));
  }

  public Scenario withCluster(Phrase value) {
    return new Scenario(
        title, ids, value, network, clients, traitors, timeline, expectations, duration, replay);
  }

  public Scenario withNetwork(Phrase value) {
    return new Scenario(
        title, ids, cluster, value, clients, traitors, timeline, expectations, duration, replay);
  }

  public Scenario withTraitors(List<TraitorSpec> value) {
    return new Scenario(
        title, ids, cluster, network, clients, value, timeline, expectations, duration, replay);
  }

  public Scenario withExpectations(List<Phrase> value) {
    return new Scenario(
        title, ids, cluster, network, clients, traitors, timeline, value, duration, replay);
  }

  public Scenario lasting(Span value) {
    return new Scenario(
        title, ids, cluster, network, clients, traitors, timeline, expectations, value, replay);
  }

  public Scenario withTimeline(List<Rule> value) {
    return new Scenario(
        title, ids, cluster, network, clients, traitors, value, expectations, duration, replay);
  }

  public Scenario withClients(List<Phrase> value) {
    return new Scenario(
        title, ids, cluster, network, value, traitors, timeline, expectations, duration, replay);
  }

  public Scenario withReplay(Phrase value) {
    return new Scenario(
        title, ids, cluster, network, clients, traitors, timeline, expectations, duration, value);
  }

  /** The seed that its {@code replay} line names, else the given one. */
  public long seed(long otherwise) {
    return replay.number("seed", otherwise);
  }

  /** The defence that is down, by its {@code replay} line; empty for none. */
  public String without() {
    return replay.word("without", "");
  }

  public Scenario and(Rule incident) {
    return new Scenario(
        title,
        ids,
        cluster,
        network,
        clients,
        traitors,
        plus(timeline, incident),
        expectations,
        duration,
        replay);
  }

  /** With more clients that run a workload. */
  public Scenario andClient(Phrase workload) {
    return new Scenario(
        title,
        ids,
        cluster,
        network,
        plus(clients, workload),
        traitors,
        timeline,
        expectations,
        duration,
        replay);
  }

  public Scenario and(TraitorSpec traitor) {
    return withTraitors(plus(traitors, traitor));
  }

  public Scenario andExpect(Phrase claim) {
    return withExpectations(plus(expectations, claim));
  }

  private static <T> List<T> plus(List<T> list, T element) {
    List<T> more = new ArrayList<>(list);
    more.add(element);
    return more;
  }
}
