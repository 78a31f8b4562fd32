package io.pbft.lab.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pbft.core.validation.AuthenticationMode;
import io.pbft.lab.play.Played;
import io.pbft.lab.play.Player;
import io.pbft.lab.scenario.Rule;
import io.pbft.lab.scenario.Scenario;
import io.pbft.lab.scenario.ScenarioText;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every entry that can be played ends as its scenario claims, and its attack really happens. A
 * build plays each at n = 4 with MACs, those that are about authentication with signatures, too,
 * and every third at n = 7; {@code -Dcatalogue.all=true} plays each in both sizes and modes, and
 * {@code -Dcatalogue.from=S -Dcatalogue.seeds=N} choose other seeds than the one of a build.
 */
class CatalogueTest {
  private static final boolean ALL = Boolean.getBoolean("catalogue.all");
  private static final long FROM = Long.getLong("catalogue.from", 1);
  private static final int SEEDS = Integer.getInteger("catalogue.seeds", 1);

  static List<Entry> playable() {
    return Catalogue.entries().stream().filter(Entry::isPlayable).toList();
  }

  @ParameterizedTest
  @MethodSource("playable")
  void endsAsClaimed(Entry entry) {
    play(entry, 4, AuthenticationMode.MAC);
    if (ALL || Catalogue.entries().indexOf(entry) % 3 == 0) {
      play(entry, 7, AuthenticationMode.MAC);
    }
    if (ALL || entry.dependsOnAuthentication()) {
      play(entry, 4, AuthenticationMode.SIGNATURE);
    }
    if (ALL) {
      play(entry, 7, AuthenticationMode.SIGNATURE);
    }
  }

  private static void play(Entry entry, int n, AuthenticationMode mode) {
    Scenario scenario = Catalogue.scenario(entry, n, mode);
    List<Rule> idle = null;
    for (long seed = FROM; seed < FROM + SEEDS; seed++) {
      Played played = Player.play(scenario, seed);
      assertThat(played.violations())
          .as("lab play %s --replicas %d --auth %s --seed %d", entry.id(), n, mode, seed)
          .isEmpty();
      if (idle == null) {
        idle = new ArrayList<>(played.idle());
      }
      idle.retainAll(played.idle());
    }
    assertThat(idle).as("rules of %s that never applied at n=%d", entry.id(), n).isEmpty();
  }

  @Test
  void everyFileIsReadAsItWasMeant() {
    for (Entry entry : playable()) {
      Scenario scenario = Catalogue.scenario(entry, 4, AuthenticationMode.MAC);
      assertThat(ScenarioText.parse(ScenarioText.print(scenario))).isEqualTo(scenario);
      assertThat(scenario.ids()).containsExactly(entry.id());
      assertThat(scenario.title()).isEqualTo(entry.name());
    }
  }

  @Test
  void whatCannotBePlayedSaysWhy() {
    for (Entry entry : Catalogue.entries()) {
      assertThat(entry.reason().isEmpty()).as(entry.id()).isEqualTo(entry.isPlayable());
    }
    assertThatThrownBy(() -> Catalogue.scenario(Catalogue.find("P32"), 4, AuthenticationMode.MAC))
        .hasMessageContaining("P32 is not played: makes no sense, the primary is v mod n");
  }

  @Test
  void everyEntryOfTheDesignIsListedOnce() {
    assertThat(Catalogue.entries()).hasSize(200);
    assertThat(Catalogue.entries().stream().map(Entry::id)).doesNotHaveDuplicates();
    assertThat(Catalogue.find("p02").name()).isEqualTo("Equivocator (one victim)");
    assertThat(Catalogue.find("P99")).isNull();
  }
}
