package io.pbft.lab.matrix;

import io.pbft.core.runtime.Defences;
import io.pbft.core.validation.AuthenticationMode;
import io.pbft.lab.catalogue.Catalogue;
import io.pbft.lab.catalogue.Entry;
import io.pbft.lab.catalogue.Resources;
import io.pbft.lab.oracle.Verdict;
import io.pbft.lab.play.Finding;
import io.pbft.lab.play.Played;
import io.pbft.lab.play.Player;
import io.pbft.lab.play.Service;
import io.pbft.lab.scenario.Scenario;
import io.pbft.lab.scenario.ScenarioText;
import io.pbft.lab.search.SwarmRun;
import io.pbft.lab.sim.Choices;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What is harmless as long as all defences are up: an entry of the catalogue, a scenario that was
 * written for the matrix, or a seed of the swarm.
 *
 * @param id of the entry, or the name of a file in {@code matrix/}, or {@code swarm}
 */
public record Attack(String id, int replicas, AuthenticationMode mode, long seed) {
  private static final String FOLDER = "matrix/";
  private static final String SWARM = "swarm";

  /**
   * A claim that does not hold.
   *
   * @param claim in the words of scenarios
   * @param evidence what was found
   */
  public record Broken(String claim, String evidence) {}

  /** Reads {@code ID [n=N] [auth=MODE] [seed=S]}; 4, mac and 1 where nothing is said. */
  static Attack parse(String text) {
    String[] words = text.trim().split(" +");
    int replicas = 4;
    AuthenticationMode mode = AuthenticationMode.MAC;
    long seed = 1;
    for (int i = 1; i < words.length; i++) {
      String value = words[i].substring(words[i].indexOf('=') + 1);
      switch (words[i].substring(0, Math.max(0, words[i].indexOf('=')))) {
        case "n" -> replicas = Integer.parseInt(value);
        case "auth" -> mode = AuthenticationMode.valueOf(value.toUpperCase(Locale.ROOT));
        case "seed" -> seed = Long.parseLong(value);
        default -> throw new IllegalArgumentException("no " + words[i] + " in an attack");
      }
    }
    return new Attack(words[0], replicas, mode, seed);
  }

  /** A random run of four replicas, with MACs; see {@link SwarmRun}. */
  static Attack swarm(long seed) {
    return new Attack(SWARM, 4, AuthenticationMode.MAC, seed);
  }

  /** What was written for the matrix. */
  static List<Attack> written() {
    return Resources.read(FOLDER + "scenarios.txt")
        .lines()
        .map(name -> new Attack(name, 4, AuthenticationMode.MAC, 1))
        .toList();
  }

  /** All that are scripted: what was written for the matrix, and the catalogue, at n = 4. */
  static List<Attack> scripted() {
    List<Attack> all = new ArrayList<>(written());
    for (Entry entry : Catalogue.entries()) {
      if (entry.isPlayable()) {
        all.add(new Attack(entry.id(), 4, AuthenticationMode.MAC, 1));
        if (entry.dependsOnAuthentication()) {
          all.add(new Attack(entry.id(), 4, AuthenticationMode.SIGNATURE, 1));
        }
      }
    }
    return all;
  }

  boolean isSwarm() {
    return id.equals(SWARM);
  }

  /** The script; a swarm has none. */
  Scenario scenario() {
    Entry entry = Catalogue.find(id);
    return entry != null
        ? Catalogue.scenario(entry, replicas, mode)
        : ScenarioText.parse(Resources.read(FOLDER + id + ".traitor"));
  }

  /** Plays the script against replicas that have only these defences. */
  Played play(Defences defences) {
    return Player.play(scenario(), seed, Service.registers(), defences);
  }

  /** What does not hold against replicas that have only these defences. */
  List<Broken> breaks(Defences defences) {
    if (isSwarm()) {
      return breaksOfSwarm(defences);
    }
    return play(defences).findings().stream()
        .filter(finding -> !finding.isMet())
        .map(Attack::broken)
        .toList();
  }

  private static Broken broken(Finding finding) {
    return new Broken(finding.claim().toString(), finding.detail());
  }

  private List<Broken> breaksOfSwarm(Defences defences) {
    try {
      Verdict verdict =
          SwarmRun.run(Choices.seeded(seed), SwarmRun.Settings.FOUR, defences).verdict();
      List<Broken> broken = new ArrayList<>();
      add(broken, "safe", verdict.safe());
      add(broken, "valid", verdict.valid());
      add(broken, "linearizable", verdict.linearizable());
      add(broken, "bounded", verdict.bounded());
      add(broken, "live", verdict.live());
      return broken;
    } catch (RuntimeException e) {
      return List.of(new Broken("safe", "failure: " + e));
    }
  }

  private static void add(List<Broken> broken, String claim, Verdict.Judgement judgement) {
    if (judgement.isViolated()) {
      broken.add(new Broken(claim, judgement.reason()));
    }
  }

  @Override
  public String toString() {
    return id
        + (replicas == 4 ? "" : " n=" + replicas)
        + (mode == AuthenticationMode.MAC ? "" : " auth=" + mode.name().toLowerCase(Locale.ROOT))
        + (seed == 1 ? "" : " seed=" + seed);
  }
}
