package io.pbft.lab.matrix;

import io.pbft.core.runtime.Defences;
import io.pbft.core.validation.AuthenticationMode;
import io.pbft.lab.catalogue.Catalogue;
import io.pbft.lab.catalogue.Entry;
import io.pbft.lab.catalogue.Resources;
import io.pbft.lab.play.Played;
import io.pbft.lab.play.Player;
import io.pbft.lab.play.Service;
import io.pbft.lab.scenario.Scenario;
import io.pbft.lab.scenario.ScenarioText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A scenario that is harmless as long as all defences are up: an entry of the catalogue, or one
 * that was written for the matrix.
 *
 * @param id of the entry, or the name of a file in {@code matrix/}
 */
public record Attack(String id, int replicas, AuthenticationMode mode, long seed) {
  private static final String FOLDER = "matrix/";

  /** Reads {@code ID [n=N] [auth=MODE] [seed=S]}; 4, mac and 1 where nothing is said. */
  static Attack parse(String text) {
    String[] words = text.trim().split(" +");
    int replicas = 4;
    AuthenticationMode mode = AuthenticationMode.MAC;
    long seed = 1;
    for (int i = 1; i < words.length; i++) {
      String value = words[i].substring(words[i].indexOf('=') + 1);
      switch (words[i].substring(0, words[i].indexOf('='))) {
        case "n" -> replicas = Integer.parseInt(value);
        case "auth" -> mode = AuthenticationMode.valueOf(value.toUpperCase(Locale.ROOT));
        case "seed" -> seed = Long.parseLong(value);
        default -> throw new IllegalArgumentException("no " + words[i] + " in an attack");
      }
    }
    return new Attack(words[0], replicas, mode, seed);
  }

  /** All entries that can be played, at n = 4, and what was written for the matrix. */
  public static List<Attack> all() {
    List<Attack> all = new ArrayList<>();
    for (String name : Resources.read(FOLDER + "scenarios.txt").lines().toList()) {
      all.add(new Attack(name, 4, AuthenticationMode.MAC, 1));
    }
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

  public Scenario scenario() {
    Entry entry = Catalogue.find(id);
    return entry != null
        ? Catalogue.scenario(entry, replicas, mode)
        : ScenarioText.parse(Resources.read(FOLDER + id + ".traitor"));
  }

  /** Plays it against replicas that have only these defences. */
  public Played play(Defences defences) {
    return Player.play(scenario(), seed, Service.registers(), defences);
  }

  @Override
  public String toString() {
    return id
        + (replicas == 4 ? "" : " n=" + replicas)
        + (mode == AuthenticationMode.MAC ? "" : " auth=" + mode.name().toLowerCase(Locale.ROOT))
        + (seed == 1 ? "" : " seed=" + seed);
  }
}
