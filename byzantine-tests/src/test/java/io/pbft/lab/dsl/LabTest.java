package io.pbft.lab.dsl;

import static io.pbft.lab.dsl.Words.R0;
import static io.pbft.lab.dsl.Words.R3;
import static io.pbft.lab.dsl.Words.at;
import static io.pbft.lab.dsl.Words.kv;
import static io.pbft.lab.dsl.Words.millis;
import static io.pbft.lab.dsl.Words.put;
import static io.pbft.lab.dsl.Words.requestTimeout;
import static io.pbft.lab.dsl.Words.seconds;
import static io.pbft.lab.dsl.Words.sending;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pbft.core.message.Commit;
import io.pbft.core.message.NewView;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.Reason;
import io.pbft.core.message.ViewChange;
import io.pbft.lab.catalogue.Resources;
import io.pbft.lab.scenario.Amount;
import io.pbft.lab.scenario.Scenario;
import io.pbft.lab.scenario.ScenarioText;
import org.junit.jupiter.api.Test;

/** The three scenarios of the tutorial in Java; each is the same value as its text. */
class LabTest {
  @TraitorTest(
      n = 4,
      seeds = 5,
      id = {"P02", "P07"})
  void twoFacedPrimary(Lab lab) {
    lab.cluster("window", 16).cluster("checkpoint", 8).cluster("view-timeout", millis(500));
    lab.latency(1, 5);
    lab.client("c1").runs(kv().puts(100).atRate(200));
    lab.traitor(R0)
        .when(sending(PrePrepare.class).slot(7).to(R3))
        .forge(m -> m.batch(put("x", "666")))
        .when(sending(Commit.class).slot(7))
        .drop();
    Run run =
        lab.run(seconds(10))
            .safe()
            .live()
            .valid()
            .agreed()
            .refused(Reason.BAD_CLIENT_AUTH, 1, R0)
            .committedOnce(7)
            .recoveredWithin(1500);

    run.verify();
    assertSameAsText(run, "two-faced-primary");
  }

  @TraitorTest(n = 4, seeds = 2, id = "P15")
  void slowPrimary(Lab lab) {
    lab.cluster("view-timeout", millis(500));
    lab.client("c1").runs(kv().lasting(seconds(5)));
    lab.traitor(R0).always(sending(PrePrepare.class)).delayBy(requestTimeout().minus(millis(10)));
    Run run = lab.run(seconds(10)).safe().live().valid().viewAtLeast(1).recoveredWithin(1500);

    run.verify();
    assertSameAsText(run, "slow-primary");
  }

  @TraitorTest(
      n = 7,
      seeds = 2,
      id = {"V03", "V13", "N04"})
  void forgedViewChange(Lab lab) {
    lab.clients(3).runs(kv().mixed(50).puts(60));
    lab.collude(
        gang ->
            gang.when(sending(ViewChange.class))
                .addPrepared(e -> e.view(Amount.exactly(0)).digest("random"))
                .when(sending(NewView.class).asPrimary())
                .omitChoice(),
        "r1",
        "r4");
    lab.network().at(millis(20)).isolate(R0).forDuration(seconds(2));
    Run run =
        lab.run(seconds(20))
            .safe()
            .valid()
            .linearizable()
            .agreed()
            .liveWithin(seconds(5))
            .viewAtLeast(1);

    run.verify();
    assertSameAsText(run, "forged-view-change");
  }

  /** But for the title, which here is the method's name. */
  private static void assertSameAsText(Run run, String file) {
    Scenario text = ScenarioText.parse(Resources.read("scenarios/" + file + ".traitor"));
    Scenario java = run.scenario();
    String titled =
        ScenarioText.print(java).replace("\"" + java.title() + "\"", "\"" + text.title() + "\"");
    assertThat(titled).isEqualTo(ScenarioText.print(text));
  }

  @Test
  void aFailureBringsWhatReplaysIt() {
    Lab lab = new Lab("hopeless", 4, 17);
    lab.client("c0").runs(kv().puts(5));
    lab.network().at(millis(0)).crash(Words.actors("r1", "r2")).forEver();
    assertThatThrownBy(() -> lab.run(seconds(2)).viewAtLeast(1).verify())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("VIOLATED view >= 1: it was 0")
        .hasMessageContaining("--seed 17")
        .hasMessageContaining("at 0s : crash r1 r2");
  }

  @Test
  void whatCannotBeWrittenCannotBeBuilt() {
    assertThatThrownBy(() -> new Lab("x", 99, 1)).hasMessageContaining("'cluster': 99 cannot be");
    assertThatThrownBy(() -> sending(Commit.class).odds(101)).hasMessageContaining("101 cannot be");
    assertThat(at(seconds(1)).phrase()).hasToString("at 1s");
  }
}
