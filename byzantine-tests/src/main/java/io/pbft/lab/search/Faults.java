package io.pbft.lab.search;

import io.pbft.core.message.MessageType;
import io.pbft.crypto.Principal;
import io.pbft.lab.sim.Choices;
import io.pbft.lab.sim.Simulation;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * The faults of one run. Each run draws how much of each kind there is, most kinds not at all: a
 * run in which everything goes wrong at once shows less than one in which a few things do (swarm
 * testing, Groce et al., ISSTA 2012). Everything here must be survivable: replicas that die come
 * back with what their disks hold, the network heals, clocks stay within the bound.
 */
final class Faults {
  private enum Kind {
    LOSS,
    DUPLICATION,
    DELAY,
    CUT,
    ISOLATION,
    LOSS_BY_TYPE,
    PAUSE,
    CLOCK,
    CRASH,
    POWER,
    SLOW_DISK
  }

  private static final int[] STRENGTHS = {0, 1, 3};
  private static final long MAX_JUMP_MILLIS = 300;
  private static final long MAX_DRIFT_PPM = 20_000;

  private final Simulation world;
  private final Choices choices;
  private final boolean disks;
  private final Map<Kind, Integer> weights = new EnumMap<>(Kind.class);
  private final List<Integer> down = new ArrayList<>();

  Faults(Simulation world, boolean disks) {
    this.world = world;
    this.choices = world.choices();
    this.disks = disks;
    for (Kind kind : Kind.values()) {
      boolean possible = disks || (kind != Kind.POWER && kind != Kind.SLOW_DISK);
      int strength = STRENGTHS[choices.weighted(6, 3, 2)];
      if (possible && strength > 0) {
        weights.put(kind, strength);
      }
    }
  }

  /** One bad phase: some faults begin, time passes, all is repaired. */
  void phase() {
    int faults = 1 + choices.below(3);
    for (int i = 0; i < faults; i++) {
      begin();
    }
    world.run(choices.below(800));
    repair();
    world.run(choices.below(200));
  }

  private void begin() {
    if (!weights.isEmpty()) {
      int[] drawn = weights.values().stream().mapToInt(weight -> weight).toArray();
      begin(List.copyOf(weights.keySet()).get(choices.weighted(drawn)));
    }
  }

  private void begin(Kind kind) {
    switch (kind) {
      case LOSS -> world.network().loss(choices.below(40) / 100.0);
      case DUPLICATION -> world.network().duplication(choices.below(50) / 100.0);
      case DELAY -> world.network().latency(100, 1_000 + choices.below(100_000));
      case CUT -> cut();
      case ISOLATION -> world.network().isolate(replica(), world.config().n());
      case LOSS_BY_TYPE -> {
        int lost = 1 + choices.below(MessageType.values().length);
        world.network().filter((from, to, type) -> type != lost);
      }
      case PAUSE -> pause();
      case CLOCK -> clock();
      case CRASH -> stop(false);
      case POWER -> stop(true);
      case SLOW_DISK -> world.disk(replica()).latency(1_000, 1_000 + choices.below(100_000));
    }
  }

  private int replica() {
    return choices.below(world.config().n());
  }

  /** Single directions of single links. */
  private void cut() {
    int links = 1 + choices.below(world.config().n() * 2);
    for (int i = 0; i < links; i++) {
      world.network().cut(Principal.replica(replica()), Principal.replica(replica()));
    }
  }

  private void pause() {
    int victim = replica();
    if (!world.replica(victim).isStopped()) {
      world.pause(victim, 1 + choices.below(700));
    }
  }

  private void clock() {
    int victim = replica();
    if (choices.chance(0.5)) {
      world.clock(victim).drift(choices.between(0, 2 * MAX_DRIFT_PPM) - MAX_DRIFT_PPM);
    } else {
      world.clock(victim).jump(choices.between(0, MAX_JUMP_MILLIS));
    }
  }

  /** Any number of honest replicas at once, perhaps all. */
  private void stop(boolean power) {
    int share = 1 + choices.below(world.config().n());
    for (int i = 0; i < world.config().n(); i++) {
      boolean honest = !world.isTraitor(i);
      if (honest && !world.replica(i).isStopped() && choices.below(world.config().n()) < share) {
        if (power) {
          world.powerLoss(i);
        } else {
          world.crash(i);
        }
        down.add(i);
      }
    }
  }

  private void repair() {
    world.network().heal();
    world.network().latency(100, 1_000);
    for (int i = 0; i < world.config().n(); i++) {
      world.clock(i).drift(0);
      if (disks) {
        world.disk(i).latency(100, 1_000);
      }
    }
    down.forEach(world::restart);
    down.clear();
  }

  @Override
  public String toString() {
    StringJoiner mix = new StringJoiner(" ");
    weights.forEach((kind, weight) -> mix.add(kind + "=" + weight));
    return mix.length() == 0 ? "no faults" : mix.toString();
  }
}
