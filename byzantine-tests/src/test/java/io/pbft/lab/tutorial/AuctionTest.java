package io.pbft.lab.tutorial;

import static io.pbft.lab.dsl.Words.R0;
import static io.pbft.lab.dsl.Words.R3;
import static io.pbft.lab.dsl.Words.everyone;
import static io.pbft.lab.dsl.Words.kv;
import static io.pbft.lab.dsl.Words.seconds;
import static io.pbft.lab.dsl.Words.sending;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pbft.core.message.Commit;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.Reason;
import io.pbft.core.spi.ExecutionContext;
import io.pbft.core.validation.AuthenticationMode;
import io.pbft.lab.catalogue.Catalogue;
import io.pbft.lab.catalogue.Entry;
import io.pbft.lab.dsl.Lab;
import io.pbft.lab.dsl.TraitorTest;
import io.pbft.lab.play.Player;
import io.pbft.lab.play.Service;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The code of {@code docs/testing.md}; {@link TutorialTest} holds the document to it. */
class AuctionTest {
  static final Service AUCTION =
      Service.of(
          Auction::new,
          (client, index) -> Auction.bytes("client" + client + " " + (10 * index + client)),
          (client, index) -> Auction.bytes("who leads?"));

  @TraitorTest(n = 4, seeds = 3)
  void everybodyIsHonest(Lab lab) {
    lab.service(AUCTION);
    lab.clients(3).runs(kv().puts(20));
    lab.run(seconds(20)).safe().live().valid().linearizable().agreed().verify();
  }

  @TraitorTest(n = 4, seeds = 5, id = "P02")
  void thePrimaryTellsOneReplicaAnotherStory(Lab lab) {
    lab.service(AUCTION);
    lab.clients(3).runs(kv().puts(20));
    lab.traitor(R0)
        .when(sending(PrePrepare.class).to(R3))
        .forge(m -> m.batch("later"))
        .when(sending(Commit.class).slot(7))
        .drop();
    lab.run(seconds(20))
        .safe()
        .live()
        .valid()
        .linearizable()
        .agreed()
        .refused(Reason.DIGEST_MISMATCH, 1, everyone())
        .recoveredWithin(1500)
        .verify();
  }

  @ParameterizedTest
  @ValueSource(strings = {"P01", "P13", "B02", "V13", "E09", "X10"})
  void underAttacksOfTheCatalogue(String id) {
    Entry entry = Catalogue.find(id);
    var played = Player.play(Catalogue.scenario(entry, 4, AuthenticationMode.MAC), 1, AUCTION);
    assertThat(played.violations()).as(id).isEmpty();
  }

  /** Breaks a rule of {@code StateMachine}: what it does depends on more than state and bid. */
  static class PartialAuction extends Auction {
    private static int made;

    private final int favourite = made++;

    @Override
    public byte[] execute(byte[] operation, ExecutionContext context) {
      String bid = Auction.text(operation);
      return super.execute(Auction.bytes(bid + favourite % 10), context);
    }
  }

  @TraitorTest(n = 4, seeds = 1)
  void aServiceThatIsNotDeterministicIsFoundOut(Lab lab) {
    lab.service(
        Service.of(
            PartialAuction::new,
            (client, index) -> Auction.bytes("client" + client + " " + index),
            (client, index) -> Auction.bytes("who leads?")));
    lab.client("c0").runs(kv().puts(40));
    assertThatThrownBy(() -> lab.run(seconds(20)).safe().verify())
        .hasMessageContaining("VIOLATED safe: state at ");
  }
}
