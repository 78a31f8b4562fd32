package io.pbft.lab.traitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pbft.core.CoreStatus;
import io.pbft.core.Effect;
import io.pbft.core.Event;
import io.pbft.core.ReplicaCore;
import io.pbft.core.TimerKind;
import io.pbft.core.message.Batch;
import io.pbft.core.message.Commit;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.Reply;
import io.pbft.core.message.Result;
import java.util.List;
import org.junit.jupiter.api.Test;

class TraitorsTest {
  private static final Event ANY = new Event.TimerFired(0, TimerKind.STATUS, 0);
  private static final Batch BATCH = new Batch(7, List.of());
  private static final Effect PROPOSAL =
      new Effect.Broadcast(new PrePrepare(2, 5, BATCH.digest(), BATCH, 2));
  private static final Effect COMMIT = new Effect.Broadcast(new Commit(2, 5, BATCH.digest(), 2));
  private static final Result TRUTH = new Result(Result.Outcome.OK, new byte[] {4, 2});

  private static List<Effect> steps(String traitor, int primary, Effect... honestly) {
    ReplicaCore honest =
        new ReplicaCore() {
          @Override
          public List<Effect> step(Event event) {
            return List.of(honestly);
          }

          @Override
          public CoreStatus status() {
            return new CoreStatus(primary, true, primary, 0, 0, 0, 0, "");
          }
        };
    return Traitors.named(traitor, 2, 4).apply(honest).step(ANY);
  }

  @Test
  void anEquivocatorTellsTheBackupsDifferentBatches() {
    List<Effect> effects = steps("equivocator", 2, PROPOSAL, COMMIT);
    assertThat(effects).hasSize(3).allMatch(effect -> effect instanceof Effect.Send);
    PrePrepare zero = (PrePrepare) ((Effect.Send) effects.get(0)).message();
    PrePrepare one = (PrePrepare) ((Effect.Send) effects.get(1)).message();
    PrePrepare three = (PrePrepare) ((Effect.Send) effects.get(2)).message();
    assertThat(zero.digest()).isEqualTo(BATCH.digest());
    assertThat(one.digest()).isNotEqualTo(BATCH.digest()).isEqualTo(three.digest());
    assertThat(one.batch().digest()).as("each is valid by itself").isEqualTo(one.digest());
    assertThat(one.sequence()).isEqualTo(zero.sequence());
  }

  @Test
  void anEquivocatorIsHonestAsABackup() {
    assertThat(steps("equivocator", 3, COMMIT)).containsExactly(COMMIT);
  }

  @Test
  void aFalseReplierAnswersWhatItMadeUp() {
    Reply full = new Reply(0, 1, 2, 3, TRUTH.digest(), TRUTH, 2);
    Reply digest = new Reply(0, 1, 2, 3, TRUTH.digest(), null, 2);
    List<Effect> effects =
        steps("false-replier", 0, new Effect.Answer(1, 2, full), new Effect.Answer(1, 2, digest));
    Reply first = (Reply) ((Effect.Answer) effects.get(0)).message();
    Reply second = (Reply) ((Effect.Answer) effects.get(1)).message();
    assertThat(first.resultDigest()).isNotEqualTo(TRUTH.digest());
    assertThat(first.result().digest()).isEqualTo(first.resultDigest());
    assertThat(second.resultDigest()).isEqualTo(first.resultDigest());
    assertThat(second.result()).isNull();
  }

  @Test
  void aLiarDoesBoth() {
    Reply full = new Reply(0, 1, 2, 3, TRUTH.digest(), TRUTH, 2);
    List<Effect> effects = steps("liar", 2, PROPOSAL, new Effect.Answer(1, 2, full));
    assertThat(effects).hasSize(4);
    assertThat(((Reply) ((Effect.Answer) effects.get(3)).message()).result()).isNotEqualTo(TRUTH);
  }

  @Test
  void anUnknownNameIsRefused() {
    assertThatThrownBy(() -> Traitors.named("nobody", 0, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no traitor 'nobody': use equivocator, false-replier, liar or mutation-walker");
  }
}
