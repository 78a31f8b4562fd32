package io.pbft.lab.search;

import io.pbft.lab.scenario.Scenario;
import io.pbft.lab.scenario.ScenarioText;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Random scenarios: a cluster, up to f traitors with rules, clients, and phases of survivable
 * faults, written as the text of a {@code .traitor} file. Each run draws how much of which fault
 * there is, most kinds not at all (swarm testing, Groce et al., ISSTA 2012).
 */
final class ScenarioDraw {
  private static final int[] SIZES = {4, 4, 4, 4, 5, 5, 6, 7};
  private static final int CLIENTS = 3;
  private static final List<String> KINDS =
      List.of(
          "lose",
          "type",
          "repeat",
          "slow",
          "cut",
          "isolate",
          "partition",
          "pause",
          "jump",
          "crash",
          "power",
          "disk",
          "flip",
          "misdeliver",
          "clog",
          "flap");
  private static final List<String> TYPES =
      List.of(
          "PRE-PREPARE", "PREPARE", "COMMIT", "CHECKPOINT", "VIEW-CHANGE", "NEW-VIEW", "STATUS");
  private static final List<String> RECEIVERS =
      List.of("", "", "", " to half", " to rest", " to even", " to odd", " to victim");
  private static final List<String> ANY_ACTIONS =
      List.of(
          "drop",
          "delay 20ms",
          "delay request-timeout - 10ms",
          "duplicate times=3",
          "hold",
          "redirect to half",
          "spoof as others",
          "corrupt mac",
          "corrupt bytes",
          "corrupt tail",
          "corrupt type",
          "corrupt cluster",
          "replay anything pick=random to others");
  private static final List<String> VOTE_ACTIONS =
      List.of(
          "forge digest=other",
          "forge digest=random",
          "forge digest=null",
          "forge slot=+1",
          "forge view=+1",
          "forge view=-1");
  private static final List<String> SPECIAL =
      List.of(
          "sending PRE-PREPARE@ : forge batch=later",
          "sending PRE-PREPARE@ : forge batch=twice",
          "sending PRE-PREPARE@ : forge batch=stale",
          "sending PRE-PREPARE@ : forge batch=[put r0 666]",
          "sending PRE-PREPARE@ : forge batch=rewritten",
          "sending PRE-PREPARE@ : forge time=+60000",
          "sending PRE-PREPARE@ : forge slot=+1",
          "sending PRE-PREPARE : censor client=0",
          "sending VIEW-CHANGE@ : add-prepared digest=other",
          "sending VIEW-CHANGE@ : add-pre-prepared digest=other",
          "sending VIEW-CHANGE@ : omit-prepared",
          "sending VIEW-CHANGE@ : omit-pre-prepared",
          "sending VIEW-CHANGE@ : age-prepared",
          "sending VIEW-CHANGE@ : add-checkpoint digest=random",
          "sending VIEW-CHANGE@ : omit-checkpoints",
          "sending VIEW-CHANGE@ : stuff times=3",
          "sending NEW-VIEW@ : omit-choice",
          "sending NEW-VIEW@ : swap-choice digest=null",
          "sending NEW-VIEW@ : swap-choice digest=other",
          "sending NEW-VIEW@ : add-choice digest=other",
          "sending NEW-VIEW@ : thin-support",
          "sending CHECKPOINT@ : forge digest=random",
          "sending STATUS@ : forge executed=+20",
          "sending COMMITTED@ : forge digest=other",
          "sending BATCH-BODY@ : forge batch=later",
          "sending CHUNKS@ : forge chunk=rotten",
          "sending REPLY : forge result=false",
          "sending READ-REPLY : forge result=random",
          "receiving PRE-PREPARE : send PREPARE digest=random to others",
          "receiving PREPARE : send COMMIT digest=other to others",
          "receiving VIEW-CHANGE : send NEW-VIEW planned to half");

  private final SplittableRandom random;
  private final SwarmRun.Settings settings;
  private final StringBuilder text = new StringBuilder();
  private final int n;
  private final int f;
  private final boolean thin;
  private boolean disks;

  private ScenarioDraw(long seed, SwarmRun.Settings settings) {
    this.random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + 1);
    this.settings = settings;
    this.n = settings.n() > 0 ? settings.n() : SIZES[random.nextInt(SIZES.length)];
    this.f = (n - 1) / 3;
    this.thin = seed % 5 == 1;
  }

  /** The scenario of a seed. */
  static Scenario draw(long seed, SwarmRun.Settings settings) {
    return new ScenarioDraw(seed, settings).draw(seed);
  }

  private Scenario draw(long seed) {
    text.append("scenario \"swarm, seed ").append(seed).append("\"\ncluster n=").append(n);
    disks = settings.disks() && random.nextInt(3) == 0;
    boolean signs = !settings.macOnly() && random.nextInt(8) == 0;
    text.append(signs ? " auth=signature" : "").append(disks ? " disks" : "");
    text.append(seed % 2 == 0 ? " tentative" : "");
    text.append(seed % 3 == 0 ? " batch-limit=4 batch-bytes=2048 log-bytes=0" : "");
    text.append(thin ? " value-bytes=1000" : "");
    clients();
    int traitors = random.nextInt(f + 1);
    int first = random.nextInt(n);
    boolean colluding = random.nextBoolean();
    for (int i = 0; i < traitors; i++) {
      traitor((first + i) % n, colluding);
    }
    faults();
    if (thin) {
      fullQueues(new SplittableRandom(seed));
    }
    if (seed % 2 == 0) {
      tooEarly(new SplittableRandom(seed));
    }
    text.append("\nexpect safe, live, valid, linearizable, bounded, agreed\nrun 90s\n");
    return ScenarioText.parse(text.toString());
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private String replica() {
    return "r" + random.nextInt(n);
  }

  private void clients() {
    int each = Math.max(1, settings.operations() / CLIENTS);
    int left = settings.operations() - each * (CLIENTS - 1);
    String reads =
        random.nextBoolean() ? "" : " mixed=" + (60 + random.nextInt(40)) + "% reads=fast";
    reads += thin ? " outstanding=20" : "";
    if (settings.operations() >= CLIENTS) {
      text.append("\nclients ").append(CLIENTS - 1).append(" kv puts=").append(each).append(reads);
    }
    text.append("\nclients 1 kv puts=").append(Math.max(1, left)).append(reads);
  }

  private void traitor(int id, boolean colluding) {
    text.append("\ntraitor r").append(id).append(colluding ? " colluding" : "");
    if (random.nextInt(4) == 0) {
      text.append(" plays mutation-walker");
      return;
    }
    for (int rules = 1 + random.nextInt(4); rules > 0; rules--) {
      rule();
    }
  }

  private void rule() {
    String odds = random.nextBoolean() ? "" : " odds=" + (5 + random.nextInt(90)) + "%";
    String to = pick(RECEIVERS);
    if (random.nextInt(2) == 0) {
      text.append("\n  when ").append(pick(SPECIAL).replace("@", odds + to));
      return;
    }
    String type = pick(TYPES);
    boolean vote = type.equals("PREPARE") || type.equals("COMMIT");
    String action = vote && random.nextBoolean() ? pick(VOTE_ACTIONS) : pick(ANY_ACTIONS);
    text.append("\n  when sending ").append(type).append(odds).append(to).append(" : ");
    text.append(action.replace("anything", type));
    if (action.equals("hold")) {
      text.append("\n  every ").append(20 + random.nextInt(400)).append("ms : release");
    }
  }

  private void faults() {
    List<String> mix = new ArrayList<>();
    for (String kind : KINDS) {
      boolean possible = disks || !(kind.equals("power") || kind.equals("disk"));
      int weight = random.nextInt(11) < 6 ? 0 : random.nextBoolean() ? 1 : 3;
      for (int i = 0; possible && i < weight; i++) {
        mix.add(kind);
      }
    }
    int phases = mix.isEmpty() ? 0 : random.nextInt(5);
    text.append("\nnetwork");
    int at = random.nextInt(60);
    for (int phase = 0; phase < phases; phase++) {
      int length = 1 + random.nextInt(800);
      for (int faults = 1 + random.nextInt(3); faults > 0; faults--) {
        text.append("\n  at ").append(at).append("ms : ").append(fault(pick(mix), length));
      }
      at += length + random.nextInt(200);
    }
  }

  /**
   * One replica alone sees batches prepare, and is cut off: what it executes tentatively it may
   * have to take back. Drawn apart, so that the seeds of other runs keep their meaning.
   */
  private void tooEarly(SplittableRandom own) {
    int lonely = own.nextInt(n);
    int at = 20 + own.nextInt(200);
    int length = 300 + own.nextInt(700);
    text.append("\n  at ").append(at).append("ms : lose 100% type=PREPARE to");
    for (int i = 0; i < n; i++) {
      text.append(i == lonely ? "" : " r" + i);
    }
    text.append(" for ").append(length).append("ms\n  at ").append(at + own.nextInt(40));
    text.append("ms : isolate r").append(lonely).append(" for ").append(200 + own.nextInt(1_300));
    text.append("ms");
  }

  /** Links that long values fill: what finds their queues full is lost. */
  private void fullQueues(SplittableRandom own) {
    text.append("\n  at ").append(own.nextInt(200)).append("ms : narrow ");
    text.append(20_000 + own.nextInt(200_000));
    text.append(" for ").append(200 + own.nextInt(1_500)).append("ms");
  }

  private String fault(String kind, int length) {
    String lasting = " for " + length + "ms";
    return switch (kind) {
      case "lose" -> "lose " + random.nextInt(40) + "%" + lasting;
      case "type" -> "lose 100% type=" + pick(TYPES) + lasting;
      case "repeat" -> "repeat " + random.nextInt(50) + "%" + lasting;
      case "slow" -> "slow " + (1 + random.nextInt(100)) + "ms from " + replica() + lasting;
      case "cut" -> "cut " + replica() + " to " + replica() + " " + replica() + lasting;
      case "isolate" -> "isolate " + replica() + lasting;
      case "partition" -> "partition " + replica() + " " + replica() + lasting;
      case "pause" -> "pause " + replica() + lasting;
      case "jump" -> "jump " + replica() + " by " + random.nextInt(300) + "ms";
      case "power" -> "crash " + who() + " power" + lasting;
      case "disk" -> "slow-disk " + replica() + " by " + random.nextInt(100) + "ms" + lasting;
      case "flip" -> "flip " + random.nextInt(20) + "%" + lasting;
      case "misdeliver" -> "misdeliver " + random.nextInt(20) + "%" + lasting;
      case "clog" -> "clog from " + replica() + lasting;
      case "flap" -> "flap " + replica() + " period=" + (5 + random.nextInt(300)) + "ms" + lasting;
      default -> "crash " + who() + lasting;
    };
  }

  /** Some of the honest, perhaps all. */
  private String who() {
    return random.nextInt(4) == 0 ? "honest" : replica();
  }
}
