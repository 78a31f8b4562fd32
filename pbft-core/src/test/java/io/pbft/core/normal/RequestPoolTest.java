package io.pbft.core.normal;

import static io.pbft.core.scene.Scene.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.codec.Limits;
import io.pbft.core.execution.ClientTable;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Batch;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Request;
import io.pbft.core.message.RequestAuthenticator;
import io.pbft.core.runtime.Context;
import io.pbft.core.runtime.Defences;
import io.pbft.core.scene.Scene;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a replica keeps of the requests that it waits for. */
class RequestPoolTest {

  /** A primary does not watch itself, so nothing there asks for the oldest. */
  @Test
  void whatHasBeenExecutedIsForgottenThoughNobodyAsksForTheOldest() {
    Scene scene = Scene.of(0);
    ClientTable table = new ClientTable(4, 64, scene.config().limits());
    RequestPool pool =
        new RequestPool(new Context(0, scene.config(), message -> null, Defences.ALL), table);
    List<AuthenticatedRequest> requests =
        List.of(scene.signed(request(0, 1, 1, "a")), scene.signed(request(0, 1, 2, "b")));
    pool.onAccepted(new Batch(1, requests));
    assertThat(pool.timedCount()).isEqualTo(2);

    Scene executed = Scene.of(1).ordered(1, scene.batch(request(0, 1, 1, "a")));
    for (int s = 2; s <= executed.config().checkpointInterval(); s++) {
      executed.ordered(s, scene.batch(request(0, 1, s, "b")));
    }
    table.restore(executed.meta(executed.config().checkpointInterval()));
    pool.onExecuted(new Batch(1, requests));

    assertThat(pool.timedCount()).isZero();
    assertThat(pool.oldest()).isNull();
  }

  /** Nothing takes batches from a backup's pool; found by {@code bench/run soak}. */
  @Test
  void aBackupKeepsNothingOfClientsWhoseRequestsHaveBeenExecuted() {
    Scene scene = Scene.of(1);
    ClientTable table = new ClientTable(4, 64, scene.config().limits());
    RequestPool pool =
        new RequestPool(new Context(1, scene.config(), message -> null, Defences.ALL), table);
    Batch batch = new Batch(1, List.of(scene.signed(request(0, 1, 1, "a"))));
    pool.onAccepted(batch);
    assertThat(pool.oldest()).isNotNull();

    Scene executed = Scene.of(1).ordered(1, scene.batch(request(0, 1, 1, "a")));
    for (int s = 2; s <= executed.config().checkpointInterval(); s++) {
      executed.ordered(s, scene.batch(request(0, 1, s, "b")));
    }
    table.restore(executed.meta(executed.config().checkpointInterval()));
    pool.onExecuted(batch);

    assertThat(pool.oldest()).isNull();
    assertThat(pool.hasProposable()).as("turns of those who are gone").isFalse();
  }

  /** Found by reading: throughput times the request timeout, up to eight times that. */
  @Test
  void aRequestThatIsHeldBackKeepsNothingOfWhatIsExecutedMeanwhile() {
    Scene scene = Scene.of(1);
    ClientTable table = new ClientTable(4, 1024, scene.config().limits());
    RequestPool pool =
        new RequestPool(new Context(1, scene.config(), message -> null, Defences.ALL), table);
    AuthenticatedRequest heldBack = scene.signed(request(1, 1, 1, "held back"));
    pool.add(heldBack, true, RequestPool.Source.CLIENT);

    Scene executed = Scene.of(1);
    List<AuthenticatedRequest> others = new ArrayList<>();
    for (int s = 1; s <= executed.config().checkpointInterval(); s++) {
      Request[] requests = new Request[16];
      for (int i = 0; i < requests.length; i++) {
        requests[i] = request(0, 1, others.size() + 1, "b");
        others.add(scene.signed(requests[i]));
      }
      executed.ordered(s, scene.batch(requests));
    }
    pool.onAccepted(new Batch(1, others));
    assertThat(pool.timedCount()).isEqualTo(1 + others.size());
    table.restore(executed.meta(executed.config().checkpointInterval()));
    pool.onExecuted(new Batch(1, others));

    assertThat(pool.timedCount()).isEqualTo(1);
    assertThat(pool.oldest()).isEqualTo(heldBack);
  }

  @Test
  void aFullPoolHasRoomForThoseWhoHaveLessThanTheirShare() {
    Crowd crowd = new Crowd();
    assertThat(crowd.askUntilRefused(0)).isEqualTo(ROOM);
    assertThat(crowd.refusal).isEqualTo(Reason.CLIENT_THROTTLED);
    assertThat(crowd.ask(0)).as("what has been refused stays so").isNotNull();
    assertThat(crowd.askUntilRefused(1)).as("one of two").isEqualTo(ROOM / 2);
    assertThat(crowd.ask(2)).as("and the next one finds some, too").isNull();
  }

  @Test
  void whoIsRefusedIsToldTheRoomThatIsThereInAnyCase() {
    Crowd crowd = new Crowd();
    crowd.askUntilRefused(0);
    assertThat(crowd.room(0, 1)).as("alone").isEqualTo(ROOM);
    assertThat(crowd.room(1, 1)).as("one of two").isEqualTo(ROOM / 2);
    assertThat(crowd.room(0, 2)).as("a second session").isEqualTo(ROOM / 2);
    assertThat(crowd.askUntilRefused(1)).as("it finds so much").isEqualTo(ROOM / 2);
    assertThat(crowd.room(1, 1)).isEqualTo(ROOM / 2);
  }

  @Test
  void largeRequestsHaveTheRoomThatTheirBytesLeave() {
    Crowd crowd = new Crowd();
    long batches = 32L * crowd.config.limits().batchBytes();
    Request large = new Request(0, 1, 1, 1, Request.Kind.WRITE, new byte[64 * 1024]);
    assertThat(crowd.pool.room(large)).isEqualTo(batches / (64 * 1024));
  }

  @Test
  void aSmallPoolHoldsTwoOfTheLargestBatchesAllTheSame() {
    ProtocolConfig small = ProtocolConfig.of(4).toBuilder().poolBytes(0).build();
    Context context = new Context(0, small, message -> null, Defences.ALL);
    RequestPool pool = new RequestPool(context, new ClientTable(4, 10, small.limits()));
    Request large = new Request(0, 1, 1, 1, Request.Kind.WRITE, new byte[1 << 20]);
    assertThat(pool.room(large)).isEqualTo(2L * small.limits().batchBytes() / (1 << 20));
  }

  @Test
  void aCopyIsOfUseWhenItIsTheFirstThatEverybodyCanCheck() {
    Crowd crowd = new Crowd();
    AuthenticatedRequest unsigned = crowd.unsigned(1, 1, 1);
    AuthenticatedRequest signed = Scene.of(0).signed(unsigned.request());
    assertThat(crowd.pool.has(unsigned)).isFalse();
    crowd.add(1, 1, RequestPool.Source.CLIENT);
    assertThat(crowd.pool.has(unsigned)).isTrue();
    assertThat(crowd.pool.has(signed)).isFalse();
    crowd.pool.add(signed, true, RequestPool.Source.CLIENT);
    assertThat(crowd.pool.has(signed)).isTrue();
  }

  @Test
  void whatReplicasPassOnHasRoomWhereClientsHaveNone() {
    Crowd crowd = new Crowd();
    for (int i = 0; i < ROOM; i++) {
      assertThat(crowd.ask(0)).isNull();
    }
    assertThat(crowd.ask(0)).isEqualTo(Reason.CLIENT_THROTTLED);
    assertThat(crowd.ask(0, RequestPool.Source.REPLICA)).isNull();
  }

  /** Else all room could go to requests that wait for others, which find none. */
  @Test
  void ofAPoolThatIsHalfFullNothingGoesToWhatIsBehindAGap() {
    Crowd crowd = new Crowd();
    assertThat(crowd.add(1, 5, RequestPool.Source.CLIENT)).isNull();
    for (int i = 0; i < ROOM / 2; i++) {
      crowd.ask(0);
    }
    assertThat(crowd.add(1, 7, RequestPool.Source.CLIENT)).isEqualTo(Reason.CLIENT_THROTTLED);
    assertThat(crowd.add(1, 6, RequestPool.Source.CLIENT))
        .as("right behind one that is here, and waits for others itself")
        .isEqualTo(Reason.CLIENT_THROTTLED);
    for (int timestamp = 1; timestamp <= 4; timestamp++) {
      assertThat(crowd.add(1, timestamp, RequestPool.Source.CLIENT)).isNull();
    }
    assertThat(crowd.add(1, 6, RequestPool.Source.CLIENT)).as("no gap any more").isNull();
  }

  @Test
  void whatIsBehindTheProposedIsBehindNoGap() {
    Crowd crowd = new Crowd();
    for (int i = 0; i < ROOM / 2; i++) {
      crowd.ask(0);
    }
    crowd.add(1, 1, RequestPool.Source.CLIENT);
    crowd.add(1, 2, RequestPool.Source.CLIENT);
    crowd.pool.takeBatch();
    crowd.pool.dropUnsigned(1);
    assertThat(crowd.add(1, 3, RequestPool.Source.CLIENT)).isNull();
    assertThat(crowd.add(1, 4, RequestPool.Source.CLIENT)).isNull();
    assertThat(crowd.add(1, 6, RequestPool.Source.CLIENT)).isEqualTo(Reason.CLIENT_THROTTLED);
  }

  /** A client that died under load left them, and its next session starved. */
  @Test
  void whatADeadSessionHasLeftIsForgotten() {
    Crowd crowd = new Crowd();
    for (int timestamp = 2; timestamp <= ROOM / 2 + 1; timestamp++) {
      assertThat(crowd.add(1, timestamp, RequestPool.Source.CLIENT)).as("behind a gap").isNull();
    }
    while (crowd.ask(0) == null) {
      // Until it is full.
    }
    AuthenticatedRequest next = crowd.unsigned(1, 2, 1);
    assertThat(crowd.pool.add(next, false, RequestPool.Source.CLIENT))
        .isEqualTo(Reason.CLIENT_THROTTLED);

    crowd.tick(599);
    assertThat(crowd.pool.add(next, false, RequestPool.Source.CLIENT)).isNotNull();
    crowd.tick(600);
    assertThat(crowd.context.effects()).as("its client is told").hasSize(ROOM / 2);
    assertThat(crowd.pool.add(next, false, RequestPool.Source.CLIENT)).isNull();
  }

  @Test
  void aSessionThatGoesOnKeepsWhatWaitsForWhatIsMissing() {
    Crowd crowd = new Crowd();
    for (int timestamp : List.of(1, 3, 4)) {
      assertThat(crowd.add(1, timestamp, RequestPool.Source.CLIENT)).isNull();
    }
    crowd.tick(10_000);
    assertThat(crowd.pool.takeBatch()).as("the first was only not proposed yet").hasSize(1);
    crowd.tick(20_000);
    assertThat(crowd.context.effects()).as("nor executed").isEmpty();
    assertThat(crowd.add(1, 2, RequestPool.Source.CLIENT)).isNull();
    assertThat(crowd.pool.takeBatch()).hasSize(3);
  }

  @Test
  void deadSessionsLeaveTheirPlacesToOthers() {
    Crowd crowd = new Crowd();
    for (int session = 1; session <= 4; session++) {
      AuthenticatedRequest second = crowd.unsigned(1, session, 2);
      assertThat(crowd.pool.add(second, false, RequestPool.Source.CLIENT)).isNull();
    }
    AuthenticatedRequest fifth = crowd.unsigned(1, 5, 1);
    assertThat(crowd.pool.add(fifth, false, RequestPool.Source.CLIENT))
        .as("its client may have four sessions")
        .isEqualTo(Reason.CLIENT_THROTTLED);
    crowd.tick(600);
    assertThat(crowd.pool.add(fifth, false, RequestPool.Source.CLIENT)).isNull();
  }

  @Test
  void whatIsExecutedMakesRoom() {
    Crowd crowd = new Crowd();
    while (crowd.ask(0) == null) {
      // Until it is full.
    }
    crowd.pool.dropUnsigned(0);
    assertThat(crowd.ask(1)).isNull();
    assertThat(crowd.add(0, 1, RequestPool.Source.CLIENT)).isNull();
  }

  @Test
  void clientsTakeTurnsHoweverManySessionsOneHas() {
    Crowd crowd = new Crowd();
    for (int session = 1; session <= 3; session++) {
      crowd.pool.add(crowd.unsigned(0, session, 1), false, RequestPool.Source.CLIENT);
      crowd.pool.add(crowd.unsigned(0, session, 2), false, RequestPool.Source.CLIENT);
    }
    crowd.ask(1);
    crowd.ask(1);
    assertThat(crowd.pool.takeBatch())
        .extracting(each -> each.request().toString())
        .containsExactly(
            "c0.1:1", "c1.1:1", "c0.1:2", "c1.1:2", "c0.2:1", "c0.2:2", "c0.3:1", "c0.3:2");
  }

  /** What is executed together is answered in one frame; one for each request would cost more. */
  @Test
  void aClientsSessionsTakeTurnsInShortRuns() {
    Crowd crowd = new Crowd();
    for (int timestamp = 1; timestamp <= 2 * SessionQueue.RUN; timestamp++) {
      crowd.pool.add(crowd.unsigned(0, 1, timestamp), false, RequestPool.Source.CLIENT);
      crowd.pool.add(crowd.unsigned(0, 2, timestamp), false, RequestPool.Source.CLIENT);
    }
    List<Long> sessions = new ArrayList<>();
    for (int i = 0; i < 2 * SessionQueue.RUN / 10; i++) {
      crowd.pool.takeBatch().forEach(each -> sessions.add(each.request().session()));
    }
    assertThat(sessions.subList(0, SessionQueue.RUN)).containsOnly(1L);
    assertThat(sessions.subList(SessionQueue.RUN, sessions.size())).containsOnly(2L);
  }

  private static final int ROOM = 1024;

  /** Clients of one session each, and as little room in the pool as there can be. */
  private static final class Crowd {
    private final ProtocolConfig config;
    private final Context context;
    private final RequestPool pool;
    private final long[] timestamps = new long[3];
    private Reason refusal;

    Crowd() {
      Limits few = new Limits(1 << 20, 1024, 1024, 10, 64 * 1024);
      config =
          ProtocolConfig.of(4).toBuilder()
              .checkpointInterval(4)
              .logWindow(8)
              .history(0)
              .pipeline(4)
              .clientWindow(10_000)
              .sessionsPerClient(4)
              .requestTimeoutMillis(300)
              .viewChangeTimeoutMillis(400)
              .viewChangeTimeoutCapMillis(1600)
              .limits(few)
              .build();
      context = new Context(0, config, message -> null, Defences.ALL);
      context.begin(0);
      pool = new RequestPool(context, new ClientTable(4, 10_000, config.limits()));
    }

    void tick(long at) {
      context.begin(at);
      pool.dropStuck();
    }

    long room(int client, long session) {
      return pool.room(request(client, session, timestamps[client] + 1, ""));
    }

    AuthenticatedRequest unsigned(int client, long session, long timestamp) {
      return new AuthenticatedRequest(
          request(client, session, timestamp, ""),
          new RequestAuthenticator.Macs(new int[4], new byte[64]));
    }

    Reason ask(int client) {
      return ask(client, RequestPool.Source.CLIENT);
    }

    /** The client's next request, which is taken in unless it is refused. */
    Reason ask(int client, RequestPool.Source source) {
      refusal = add(client, timestamps[client] + 1, source);
      timestamps[client] += refusal == null ? 1 : 0;
      return refusal;
    }

    int askUntilRefused(int client) {
      int taken = 0;
      while (ask(client) == null) {
        taken++;
      }
      return taken;
    }

    Reason add(int client, long timestamp, RequestPool.Source source) {
      return pool.add(unsigned(client, 1, timestamp), false, source);
    }
  }
}
