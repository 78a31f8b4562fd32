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
    Span duration) {
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
        DEFAULT_DURATION);
  }

  public Scenario withCluster(Phrase value) {
    return new Scenario(
        title, ids, value, network, clients, traitors, timeline, expectations, duration);
  }

  public Scenario withNetwork(Phrase value) {
    return new Scenario(
        title, ids, cluster, value, clients, traitors, timeline, expectations, duration);
  }

  public Scenario withTraitors(List<TraitorSpec> value) {
    return new Scenario(
        title, ids, cluster, network, clients, value, timeline, expectations, duration);
  }

  public Scenario withExpectations(List<Phrase> value) {
    return new Scenario(title, ids, cluster, network, clients, traitors, timeline, value, duration);
  }

  public Scenario lasting(Span value) {
    return new Scenario(
        title, ids, cluster, network, clients, traitors, timeline, expectations, value);
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
        duration);
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
        duration);
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
