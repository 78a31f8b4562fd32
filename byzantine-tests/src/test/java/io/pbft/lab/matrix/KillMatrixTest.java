package io.pbft.lab.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pbft.core.message.Reason;
import io.pbft.core.runtime.Defences;
import io.pbft.lab.matrix.KillMatrix.Row;
import io.pbft.lab.play.Played;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every defence of the code has an attack that breaks something once it is down, or an explanation.
 * Each is tried with its recorded killer; {@code pbft lab matrix --search} looks for others.
 */
class KillMatrixTest {
  static List<Row> killed() {
    return KillMatrix.rows().stream().filter(Row::hasKiller).toList();
  }

  @ParameterizedTest
  @MethodSource("killed")
  void withoutTheDefenceItsKillerDoesHarm(Row row) {
    Kill kill = row.play();
    assertThat(kill)
        .as("'%s' does not break %s any more", row.attack(), row.weakness())
        .isNotNull();
    assertThat(kill.breaks()).isEqualTo(row.breaks());
  }

  /** Of two that stand behind each other, either is enough; and without both there is harm. */
  @Test
  void whereTwoDefencesAreDownEachAloneWasEnough() {
    List<Row> pairs = KillMatrix.rows().stream().filter(Row::isPair).toList();
    assertThat(pairs).isNotEmpty();
    for (Row pair : pairs) {
      assertThat(pair.play().isHarm()).as(pair.toString()).isTrue();
      for (Weakness one : pair.weakness().parts()) {
        Kill kill = Kill.of(one, pair.attack());
        assertThat(kill != null && kill.isHarm()).as("%s by %s", one, pair.attack()).isFalse();
      }
    }
  }

  /** A new {@link Reason}, timer or journal record has to be accounted for here. */
  @Test
  void everyDefenceIsAccountedFor() {
    assertThat(KillMatrix.unaccounted())
        .as("defences without a killer or an explanation in matrix.tsv")
        .isEmpty();
    assertThat(KillMatrix.rows().stream().map(r -> r.weakness().name())).doesNotHaveDuplicates();
  }

  @Test
  void whatSurvivesIsTheExceptionAndSaysWhy() {
    List<Row> surviving = KillMatrix.rows().stream().filter(r -> !r.hasKiller()).toList();
    assertThat(surviving).allSatisfy(row -> assertThat(row.note()).isNotBlank());
    assertThat(surviving.size()).isLessThan(killed().size() / 2);
  }

  /** The attacks of the catalogue are held to the same by {@code CatalogueTest}. */
  @Test
  void withAllDefencesTheScenariosOfTheMatrixAreHarmless() {
    for (Attack attack : Attack.written()) {
      Played played = attack.play(Defences.ALL);
      assertThat(played.violations()).as(attack.id()).isEmpty();
      assertThat(played.idle()).as(attack.id()).isEmpty();
    }
  }

  @Test
  void anAttackIsWrittenAsItIsRead() {
    Attack attack = Attack.parse("P02 n=7 auth=signature seed=9");
    assertThat(attack).hasToString("P02 n=7 auth=signature seed=9");
    assertThat(Attack.parse("P02")).hasToString("P02");
    assertThatThrownBy(() -> Attack.parse("P02 at=9")).hasMessage("no at=9 in an attack");
    assertThat(Weakness.named("BAD_AUTH").defences().refuses(Reason.BAD_AUTH)).isFalse();
    assertThat(Weakness.named("BAD_AUTH").defences().refuses(Reason.MALFORMED)).isTrue();
    assertThat(Weakness.named("nothing")).isNull();
  }
}
