package io.pbft.core.execution;

import static io.pbft.core.scene.Scene.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.Effect;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Batch;
import io.pbft.core.message.Reply;
import io.pbft.core.message.Result;
import io.pbft.core.scene.Scene;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Execution: in order, exactly once, answered (OSDI'99, sections 4.1, 4.2 and 5.1)")
class ExecutionTest {
  private static final String LONG = "x".repeat(100);

  private final Scene replica = Scene.of(1);

  @Test
  void batchesExecuteInSequenceOrderWhateverTheOrderOfTheirDecisions() {
    replica.ordered(2, replica.batch(request(1, 1, 1, "second")));
    assertThat(replica.executed()).isEmpty();
    replica.ordered(1, replica.batch(request(0, 1, 1, "first")));
    assertThat(replica.executed()).containsExactly("first", "second");
  }

  @Test
  void aRequestOrderedTwiceExecutesOnce() {
    Batch once = replica.batch(request(0, 1, 1, "a"));
    Batch again = replica.batch(request(0, 1, 1, "a"), request(1, 1, 1, "b"));
    replica.prePrepare(1, once).prePrepare(2, again);
    replica.prepares(2, again.digest(), 2).commits(2, again.digest(), 2, 3);
    replica.prepares(1, once.digest(), 2).commits(1, once.digest(), 2, 3);
    assertThat(replica.executed()).containsExactly("a", "b");
  }

  @Test
  @DisplayName("Two operations under one timestamp: at most one executes")
  void ofTwoOperationsUnderOneTimestampOnlyTheFirstExecutes() {
    replica.ordered(1, replica.batch(request(0, 1, 1, "to some"), request(0, 1, 1, "to others")));
    assertThat(replica.executed()).containsExactly("to some");
  }

  @Test
  @DisplayName("FIFO per client: a request whose predecessor has not executed is passed over")
  void requestsOfASessionExecuteInItsOrder() {
    replica.ordered(1, replica.batch(request(0, 1, 2, "second"), request(0, 1, 1, "first")));
    assertThat(replica.executed()).containsExactly("first");
    replica.ordered(2, replica.batch(request(0, 1, 2, "second")));
    assertThat(replica.executed()).containsExactly("first", "second");
  }

  @Test
  void aPrimaryProposesTheRequestsOfASessionInItsOrder() {
    Scene primary = Scene.of(0);
    primary.fromClient(primary.signed(request(0, 1, 2, "second")));
    assertThat(primary.effects(Effect.Broadcast.class)).isEmpty();
    primary.fromClient(primary.signed(request(0, 1, 1, "first")));
    assertThat(primary.proposed()).containsExactly("first", "second");
  }

  @Test
  void sessionsOfOneClientAreIndependent() {
    replica.ordered(1, replica.batch(request(0, 2, 1, "two"), request(0, 1, 1, "one")));
    assertThat(replica.executed()).containsExactly("two", "one");
  }

  @Test
  @DisplayName("The agreed time never runs backwards, whatever the primaries propose")
  void timeNeverRunsBackwards() {
    long now = replica.now();
    replica.ordered(1, batchAt(now + 100, request(0, 1, 1, "a")));
    replica.ordered(2, batchAt(now - 100, request(0, 1, 2, "b")));
    assertThat(replica.effects(Effect.Execute.class))
        .singleElement()
        .satisfies(e -> assertThat(e.time()).isEqualTo(now + 100));
  }

  private Batch batchAt(long time, io.pbft.core.message.Request request) {
    return new Batch(time, List.of(replica.signed(request)));
  }

  @Test
  void aRetransmittedRequestGetsItsCachedReplyAndIsNotExecutedAgain() {
    replica.orderedUpTo(1);
    replica.fromClient(replica.signed(request(0, 1, 1, "op1")));
    assertThat(replica.replies())
        .singleElement()
        .satisfies(r -> assertThat(r.result().bytes()).asString().isEqualTo("op1"));
    assertThat(replica.executed()).containsExactly("op1");
  }

  @Test
  void aRetransmissionOfWhatIsBeingExecutedIsAnsweredOnceByTheExecution() {
    replica.hold().orderedUpTo(1);
    replica.fromClient(replica.signed(request(0, 1, 1, "op1")));
    assertThat(replica.replies()).isEmpty();
    assertThat(replica.release().replies()).hasSize(1);
  }

  @Test
  void whatTheClientAcknowledgesIsForgotten() {
    replica.orderedUpTo(2);
    replica.ordered(3, replica.batch(request(0, 1, 3, 3, "op3")));
    replica.fromClient(replica.signed(request(0, 1, 2, "op2")));
    assertThat(replica.replies())
        .singleElement()
        .satisfies(r -> assertThat(r.result().outcome()).isEqualTo(Result.Outcome.FORGOTTEN));
  }

  @Test
  @DisplayName("The designated replica alone sends a long result in full: (client + t) mod n")
  void oneReplicaSendsTheFullResult() {
    assertThat(replyOf(1).result()).isNotNull();
    assertThat(replyOf(2).result()).isNull();
    assertThat(replyOf(3).result()).isNull();
    assertThat(replyOf(1).resultDigest()).isEqualTo(replyOf(2).resultDigest());
  }

  private static Reply replyOf(int id) {
    Scene scene = Scene.of(id);
    return scene.ordered(1, scene.batch(request(0, 1, 1, LONG))).replies().get(0);
  }

  @Test
  void aClientThatAsksAllGetsTheFullResultOfEach() {
    Scene other = Scene.of(2);
    AuthenticatedRequest request = other.signed(request(0, 1, 1, LONG));
    other.ordered(1, other.batch(request.request()));
    assertThat(other.fromClientAskingAll(request).replies().get(0).result()).isNotNull();
  }

  @Test
  void anOperationThatThrewIsAFailedResultAndTheReplicaGoesOn() {
    replica.ordered(1, replica.batch(request(0, 1, 1, "!"), request(0, 1, 2, "next")));
    assertThat(replica.replies())
        .extracting(reply -> reply.result().outcome())
        .containsExactly(Result.Outcome.FAILED, Result.Outcome.OK);
    assertThat(replica.executed()).containsExactly("next");
  }

  @Test
  @DisplayName("A batch without its body is decided, fetched, and executed only then")
  void aDecidedBatchWithoutABodyWaits() {
    Batch batch = replica.batch(request(0, 1, 1, "a"));
    replica.claims(1, batch.digest(), 0, 2);
    assertThat(replica.executed()).isEmpty();
    assertThat(replica.status().waitingFor()).contains("body of batch 1");
    replica.body(3, 1, batch);
    assertThat(replica.executed()).containsExactly("a");
  }
}
