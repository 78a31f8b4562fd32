package io.pbft.client.core;

import static io.pbft.client.core.Script.completed;
import static io.pbft.client.core.Script.outcomes;
import static io.pbft.client.core.Script.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.message.MessageType;
import io.pbft.core.message.Reason;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Four replicas, of which one may be a traitor. */
@DisplayName("Tentative replies: a quorum of one view and sequence number (OSDI'99, section 5.1)")
final class TentativeRepliesTest {
  private final Script client = Script.connected(4);

  @ParameterizedTest
  @ValueSource(ints = {4, 5, 6, 7, 10})
  void aQuorumIsBelieved(int n) {
    Script any = Script.connected(n);
    any.invoke(1);
    int quorum = (n + (n - 1) / 3 + 2) / 2;
    for (int replica = 1; replica < quorum; replica++) {
      assertThat(outcomes(any.tentativeReply(replica, 1, "yes", 0, 9))).isEmpty();
    }
    assertThat(outcomes(any.tentativeReply(0, 1, "yes", 0, 9)))
        .containsExactly(completed(1, "yes"));
  }

  @Test
  @DisplayName("What prepared in two views may be two batches, and neither is certain")
  void thoseOfDifferentViewsDoNotMatch() {
    client.invoke(1);
    client.tentativeReply(1, 1, "yes", 0, 9);
    client.tentativeReply(2, 1, "yes", 0, 9);
    assertThat(outcomes(client.tentativeReply(3, 1, "yes", 1, 9))).isEmpty();
    assertThat(outcomes(client.tentativeReply(3, 1, "yes", 0, 9)))
        .containsExactly(completed(1, "yes"));
  }

  @Test
  void thoseOfDifferentSequenceNumbersDoNotMatch() {
    client.invoke(1);
    client.tentativeReply(1, 1, "yes", 0, 9);
    client.tentativeReply(2, 1, "yes", 0, 9);
    assertThat(outcomes(client.tentativeReply(3, 1, "yes", 0, 10))).isEmpty();
  }

  @Test
  @DisplayName("A traitor's final reply and one tentative one are not enough (attack R10)")
  void aFinalReplyCountsAsOneMore() {
    client.invoke(1);
    client.reply(3, 1, "yes");
    assertThat(outcomes(client.tentativeReply(1, 1, "yes", 0, 9))).isEmpty();
    assertThat(outcomes(client.tentativeReply(2, 1, "yes", 0, 9)))
        .containsExactly(completed(1, "yes"));
  }

  @Test
  void twoFinalOnesAreEnoughAsEver() {
    client.invoke(1);
    client.tentativeReply(0, 1, "no", 0, 9);
    client.reply(1, 1, "yes");
    assertThat(outcomes(client.reply(2, 1, "yes"))).containsExactly(completed(1, "yes"));
  }

  @Test
  void aFinalReplyTakesTheTentativeOnesPlace() {
    client.invoke(1);
    client.tentativeReply(1, 1, "yes", 0, 9);
    client.reply(1, 1, "yes");
    assertThat(outcomes(client.reply(2, 1, "yes"))).containsExactly(completed(1, "yes"));
  }

  @Test
  @DisplayName("A correct replica may have to take back what it has said tentatively")
  void whoIsOverruledIsNoLiar() {
    client.invoke(1);
    client.tentativeReply(0, 1, "no", 0, 9);
    client.reply(3, 1, "lie");
    client.reply(1, 1, "yes");
    List<ClientEffect> effects = client.reply(2, 1, "yes");
    assertThat(effects).contains(refused(Reason.WRONG_REPLY, MessageType.REPLY, 3));
    assertThat(effects).doesNotContain(refused(Reason.WRONG_REPLY, MessageType.REPLY, 0));
    assertThat(client.tentativeReply(0, 1, "no", 0, 9)).as("and late").isEmpty();
  }
}
