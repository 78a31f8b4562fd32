package io.pbft.lab.play;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.runtime.Defences;
import io.pbft.crypto.Principal;
import io.pbft.lab.scenario.Actors;
import io.pbft.lab.sim.Simulation;
import io.pbft.lab.sim.Stagehand;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** What everybody in a run may use: the world, virtual time, randomness, and who is who. */
final class Stage {
  private final ProtocolConfig config;
  private final int f;
  private final TreeSet<Integer> traitors = new TreeSet<>();
  private final TreeSet<Integer> badClients = new TreeSet<>();
  private final List<Matcher> rules = new ArrayList<>();
  private final long seed;
  private final Defences defences;
  private final Chronicle chronicle;
  private final PlayListener listener;
  private Simulation world;
  private Stagehand hand;
  private Links links;
  private IntConsumer traitorRestart;

  Stage(ProtocolConfig config, int f, long seed, Defences defences, PlayListener listener) {
    this.config = config;
    this.f = f;
    this.seed = seed;
    this.defences = defences;
    this.listener = listener;
    this.chronicle = new Chronicle(this);
  }

  /** The world stands; from now on rules work. */
  void open(Simulation simulation) {
    world = simulation;
    hand = new Stagehand(simulation);
    links = new Links(hand, defences);
    world.listener(listener);
    world.listener(chronicle);
    listener.onCast(
        new PlayListener.Cast(
            config,
            List.copyOf(traitors),
            List.copyOf(chronicle.clients()),
            List.copyOf(badClients)));
  }

  /** How a traitor starts again after a crash: without its memory, and still a traitor. */
  void onRestart(IntConsumer restart) {
    traitorRestart = restart;
  }

  void restartTraitor(int id) {
    traitorRestart.accept(id);
  }

  ProtocolConfig config() {
    return config;
  }

  Simulation world() {
    return world;
  }

  Stagehand hand() {
    return hand;
  }

  Links links() {
    return links;
  }

  /** Who watches the run. */
  PlayListener listener() {
    return listener;
  }

  Chronicle chronicle() {
    return chronicle;
  }

  /** All rules of the run. */
  List<Matcher> rules() {
    return rules;
  }

  /** A source of randomness of one's own, so that one rule's draws do not shift another's. */
  SplittableRandom random(String whose) {
    return new SplittableRandom(seed * 1_000_003 + whose.hashCode());
  }

  void addTraitor(Principal who) {
    (who.kind() == Principal.Kind.REPLICA ? traitors : badClients).add(who.id());
  }

  boolean isTraitor(int replica) {
    return traitors.contains(replica);
  }

  /** It is honest from now on. */
  void removeTraitor(int replica) {
    traitors.remove(replica);
  }

  /** Replicas that lie. */
  TreeSet<Integer> traitors() {
    return traitors;
  }

  TreeSet<Integer> badClients() {
    return badClients;
  }

  /** The one who acts, for whom actors are meant. */
  record Self(Principal who, long view, Principal sender) {}

  List<Principal> resolve(Actors actors, Self self) {
    List<Principal> all = new ArrayList<>();
    for (String word : actors.words()) {
      for (Principal each : resolve(word, self)) {
        if (!all.contains(each)) {
          all.add(each);
        }
      }
    }
    return all;
  }

  List<Integer> replicas(Actors actors, Self self) {
    return resolve(actors, self).stream()
        .filter(p -> p.kind() == Principal.Kind.REPLICA && p.id() < config.n())
        .map(Principal::id)
        .toList();
  }

  private List<Principal> resolve(String word, Self self) {
    int n = config.n();
    int me = self.who().kind() == Principal.Kind.REPLICA ? self.who().id() : -1;
    int primary = config.quorums().primary(self.view());
    return switch (word) {
      case "primary" -> List.of(Principal.replica(primary));
      case "next-primary" -> List.of(Principal.replica(config.quorums().primary(self.view() + 1)));
      case "backups" -> where(i -> i != primary);
      case "others" -> where(i -> i != me);
      case "everyone" -> where(i -> true);
      case "victim" -> List.of(Principal.replica(victim()));
      case "bystanders" -> where(i -> !isTraitor(i) && i != victim());
      case "honest" -> where(i -> !isTraitor(i));
      case "traitors" -> where(this::isTraitor);
      case "even" -> where(i -> i % 2 == 0);
      case "odd" -> where(i -> i % 2 == 1);
      case "half" -> where(i -> i != me && rank(i, me) < (n - 1) / 2);
      case "rest" -> where(i -> i != me && rank(i, me) >= (n - 1) / 2);
      case "first-f" -> where(i -> i < f);
      case "first-f+1" -> where(i -> i <= f);
      case "honest-half" -> where(i -> !isTraitor(i) && honestRank(i) < (honest() + 1) / 2);
      case "honest-rest" -> where(i -> !isTraitor(i) && honestRank(i) >= (honest() + 1) / 2);
      case "next-f" -> where(i -> i >= 1 && i <= f);
      case "last-f" -> where(i -> i >= n - f);
      case "sender" -> self.sender() == null ? List.of() : List.of(self.sender());
      case "clients" -> clients();
      default -> List.of(named(word));
    };
  }

  private static int rank(int replica, int without) {
    return without >= 0 && replica > without ? replica - 1 : replica;
  }

  private int honest() {
    return config.n() - traitors.size();
  }

  private int honestRank(int replica) {
    return replica - traitors.headSet(replica).size();
  }

  private int victim() {
    int id = config.n() - 1;
    while (id > 0 && isTraitor(id)) {
      id--;
    }
    return id;
  }

  private static Principal named(String word) {
    int id = Integer.parseInt(word.substring(1));
    return word.charAt(0) == 'r' ? Principal.replica(id) : Principal.client(id);
  }

  private List<Principal> clients() {
    List<Principal> clients = new ArrayList<>();
    for (int c : chronicle.clients()) {
      clients.add(Principal.client(c));
    }
    return clients;
  }

  private List<Principal> where(IntPredicate chosen) {
    return IntStream.range(0, config.n()).filter(chosen).mapToObj(Principal::replica).toList();
  }
}
