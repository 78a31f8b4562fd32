package io.pbft.core.normal;

import static io.pbft.core.scene.Scene.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.TimerKind;
import io.pbft.core.codec.Limits;
import io.pbft.core.execution.ClientTable;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.Request;
import io.pbft.core.message.RequestAuthenticator;
import io.pbft.core.message.RequestMessage;
import io.pbft.core.runtime.Context;
import io.pbft.core.runtime.Defences;
import io.pbft.core.scene.Scene;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What one client may have in flight while others want something, too")
class FairShareTest {
  private static final int BATCH = 200;
  private static final int PIPELINE = 8;
  private static final int GREEDY = 0;
  private static final int MODEST = 1;

  private final Context context =
      new Context(0, config(PIPELINE, BATCH), message -> null, Defences.ALL);
  private final RequestPool pool =
      new RequestPool(context, new ClientTable(4, 10_000, context.config().limits()));

  private static ProtocolConfig config(int pipeline, int batch) {
    Limits limits = new Limits(1 << 20, 1024, 1024, batch, 64 * 1024);
    return ProtocolConfig.of(4).toBuilder()
        .checkpointInterval(16)
        .logWindow(32)
        .history(0)
        .pipeline(pipeline)
        .clientWindow(10_000)
        .sessionsPerClient(4)
        .requestTimeoutMillis(300)
        .viewChangeTimeoutMillis(400)
        .viewChangeTimeoutCapMillis(1600)
        .limits(limits)
        .build();
  }

  @Test
  @DisplayName("One client with 2,000 waiting, nine with one each: the nine are in the next batch")
  void whoWantsLittleIsInTheNextBatch() {
    ask(GREEDY, 1, 2_000);
    for (int client = 1; client <= 9; client++) {
      ask(client, 1, 1);
    }
    assertThat(clients(pool.takeBatch()))
        .contains(1, 2, 3, 4, 5, 6, 7, 8, 9)
        .hasSize(9 + PIPELINE * BATCH / 10);
  }

  @Test
  void whoIsAloneFillsAllBatches() {
    ask(GREEDY, 1, 2_000);
    assertThat(pool.proposable()).isEqualTo(2_000);
    for (int i = 0; i < 10; i++) {
      assertThat(pool.takeBatch()).hasSize(BATCH);
    }
  }

  @Test
  void besideAnotherItGetsHalfOfThePipelineThoughTheOtherWantsLittle() {
    ask(MODEST, 1, 1);
    ask(GREEDY, 1, 2_000);
    int half = PIPELINE * BATCH / 2;
    assertThat(clients(pool.takeBatch())).hasSize(BATCH).containsOnlyOnce(MODEST);
    int taken = BATCH - 1;
    for (; taken < half; taken += BATCH) {
      assertThat(clients(pool.takeBatch())).containsOnly(GREEDY);
    }
    assertThat(pool.takeBatch()).isEmpty();
    assertThat(pool.hasProposable()).isFalse();
    assertThat(pool.proposable())
        .as("what is held back is nothing that gathers for a batch")
        .isEqualTo(half + 1);
  }

  /** Else whoever has much to do would wait for many who want little. */
  @Test
  void besideVeryManyItGetsTheShareOfOneOfThirtyTwo() {
    for (int client = 1; client <= 50; client++) {
      ask(client, 1, 1);
    }
    ask(GREEDY, 1, 2_000);
    int taken = 0;
    for (List<AuthenticatedRequest> batch = pool.takeBatch();
        !batch.isEmpty();
        batch = pool.takeBatch()) {
      taken += batch.size();
    }
    assertThat(taken).isEqualTo(50 + PIPELINE * BATCH / 32);
  }

  @Test
  @DisplayName("Whoever has the answers and has not asked again is reckoned with for a while")
  void competitorsCountForAWhile() {
    ask(MODEST, 1, 1);
    ask(GREEDY, 1, 1_800);
    pool.dropUnsigned(MODEST);
    int half = PIPELINE * BATCH / 2;
    for (int taken = 0; taken < half; taken += BATCH) {
      assertThat(pool.takeBatch()).hasSize(BATCH);
    }
    assertThat(pool.takeBatch()).isEmpty();
    context.begin(2 * FairShare.PERIOD_MILLIS);
    ask(GREEDY, 1_801, 1);
    assertThat(pool.takeBatch()).hasSize(BATCH);
  }

  @Test
  @DisplayName("Who parks a request behind a gap takes nothing from anybody")
  void whatCannotBeProposedDoesNotCompete() {
    ask(MODEST, 2, 1);
    ask(GREEDY, 1, 2_000);
    for (int i = 0; i < 10; i++) {
      assertThat(pool.takeBatch()).hasSize(BATCH);
    }
  }

  /** A pipeline of two batches of ten: the greedy one may have ten in flight. */
  @Test
  @DisplayName("No timer: what was held back goes when its client's requests have been executed")
  void whatIsHeldBackGoesWhenWhatIsInFlightHasBeenExecuted() {
    Scene primary = Scene.of(0, config(2, 10));
    PrePrepare first = asked(primary, MODEST);
    PrePrepare second = asked(primary, GREEDY);
    for (int timestamp = 2; timestamp <= 30; timestamp++) {
      primary.fromClient(primary.signed(request(GREEDY, 1, timestamp, "more")));
      assertThat(primary.broadcast(PrePrepare.class)).as("the pipeline is full").isEmpty();
    }
    PrePrepare third = proposedWhen(executed(primary, first));
    assertThat(third.batch().requests()).as("one is in flight").hasSize(9);
    executed(primary, second);
    PrePrepare fourth = proposedWhen(executed(primary, third));
    assertThat(fourth.batch().requests()).hasSize(10);
    proposedWhen(executed(primary, fourth));
  }

  @Test
  @DisplayName("Who asks all for more than its share can't have the primary deposed for being fair")
  void aBackupDoesNotTimeWhatThePrimaryHasToHoldBack() {
    Scene backup = Scene.of(1, context.config());
    int half = PIPELINE * BATCH / 2;
    RequestPool waiting =
        new RequestPool(
            new Context(1, context.config(), message -> null, Defences.ALL),
            new ClientTable(4, 10_000, context.config().limits()));
    waiting.add(backup.signed(request(MODEST, 1, 1, "")), true, RequestPool.Source.CLIENT);
    for (int timestamp = 1; timestamp <= half + 100; timestamp++) {
      AuthenticatedRequest next = backup.signed(request(GREEDY, 1, timestamp, ""));
      waiting.add(next, true, RequestPool.Source.CLIENT);
    }
    assertThat(waiting.timedCount()).isEqualTo(1 + half);
  }

  @Test
  void aBackupTimesTheRestWhenWhatWasBeforeHasBeenExecuted() {
    Scene backup = Scene.of(1, config(2, 10));
    backup.fromClient(backup.signed(request(MODEST, 1, 1, "little")));
    for (int timestamp = 1; timestamp <= 11; timestamp++) {
      backup.fromClient(backup.signed(request(GREEDY, 1, timestamp, "much")));
    }
    backup.pass(100).ordered(1, backup.batch(request(MODEST, 1, 1, "little")));
    Request[] share = new Request[10];
    for (int i = 0; i < share.length; i++) {
      share[i] = request(GREEDY, 1, i + 1, "much");
    }
    backup.ordered(2, backup.batch(share));
    backup.fire(TimerKind.REQUEST);
    assertThat(backup.sentTo(0, RequestMessage.class)).as("it has only begun to wait").isEmpty();
    assertThat(backup.isArmed(TimerKind.REQUEST)).as("and is timed").isTrue();
  }

  @Test
  void aNewPrimaryHoldsBackWhatItHasKeptAsABackup() {
    Scene backup = Scene.of(1, config(2, 10));
    backup.fromClient(backup.signed(request(MODEST, 1, 1, "little")));
    for (int timestamp = 1; timestamp <= 30; timestamp++) {
      backup.fromClient(backup.signed(request(GREEDY, 1, timestamp, "much")));
    }
    PrePrepare first = proposedWhen(backup.entersView(1));
    assertThat(first.batch().requests()).hasSize(10);
    PrePrepare second = proposedWhen(executed(backup, first));
    PrePrepare third = proposedWhen(executed(backup, second));
    PrePrepare fourth = proposedWhen(executed(backup, third));
    executed(backup, fourth);
    assertThat(backup.executed()).as("all in the end").hasSize(31);
  }

  private void ask(int client, long first, int count) {
    for (long timestamp = first; timestamp < first + count; timestamp++) {
      AuthenticatedRequest next =
          new AuthenticatedRequest(
              request(client, 1, timestamp, ""),
              new RequestAuthenticator.Macs(new int[4], new byte[64]));
      assertThat(pool.add(next, false, RequestPool.Source.CLIENT)).isNull();
    }
  }

  private static List<Integer> clients(List<AuthenticatedRequest> batch) {
    return batch.stream().map(each -> each.request().client()).toList();
  }

  private static PrePrepare asked(Scene primary, int client) {
    return proposedWhen(primary.fromClient(primary.signed(request(client, 1, 1, "at once"))));
  }

  private static PrePrepare proposedWhen(Scene primary) {
    assertThat(primary.broadcast(PrePrepare.class)).hasSize(1);
    return primary.broadcast(PrePrepare.class).get(0);
  }

  /** The effects left are those of the last commit that it needed. */
  private static Scene executed(Scene primary, PrePrepare proposal) {
    int[] others = primary.others().limit(2).mapToInt(i -> i).toArray();
    return primary
        .prepares(proposal.sequence(), proposal.digest(), others)
        .commits(proposal.sequence(), proposal.digest(), others);
  }
}
