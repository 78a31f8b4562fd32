package io.pbft.client;

import static io.pbft.client.TestCluster.CLIENT;
import static io.pbft.client.TestCluster.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pbft.client.core.ClientConfig;
import io.pbft.client.core.ClientFailure;
import io.pbft.core.message.Commit;
import io.pbft.core.message.ReadReply;
import io.pbft.core.message.ReadRequest;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Reply;
import io.pbft.core.message.Request;
import io.pbft.core.message.Result;
import io.pbft.core.message.StatusQuery;
import io.pbft.core.message.StatusReport;
import io.pbft.core.spi.Transport;
import io.pbft.crypto.Digest;
import io.pbft.crypto.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The futures' side: one thread, a clock and links that are the test's. */
final class PbftClientTest {
  private final TestCluster cluster = new TestCluster(4);
  private final ManualScheduler scheduler = new ManualScheduler();
  private final List<FakeLinks> sessions = new ArrayList<>();
  private final PbftClient client = start(ClientConfig.of(CLIENT, 1, cluster.config));

  private PbftClient start(ClientConfig config) {
    PbftClient started =
        PbftClient.builder(
                config,
                cluster.clientSealer,
                cluster.clientDoor,
                (session, listener) -> {
                  sessions.add(new FakeLinks(cluster, session, listener));
                  return sessions.get(sessions.size() - 1);
                },
                () -> 1_000)
            .executor(scheduler)
            .clock(scheduler::millis)
            .start();
    scheduler.run();
    links().connectAll();
    scheduler.run();
    return started;
  }

  private FakeLinks links() {
    return sessions.get(sessions.size() - 1);
  }

  private static Result ok(String text) {
    return new Result(Result.Outcome.OK, bytes(text));
  }

  @Test
  void anOperationTravelsWithMacsThatEachReplicaAcceptsAndComesBack() {
    CompletableFuture<byte[]> answer = client.invoke(bytes("put"));
    scheduler.run();
    assertThat(links().requestsAt(0)).hasSize(1);
    assertThat(links().requestsAt(0).get(0).session()).isEqualTo(1_000);
    assertThat(links().requestsAt(1)).isEmpty();
    assertThat(links().refused).isEmpty();

    links().answer(links().requestsAt(0).get(0), ok("done"));
    scheduler.run();
    assertThat(answer.join()).isEqualTo(bytes("done"));
  }

  @Test
  void theRetransmissionIsAcceptedByAllDoors() {
    CompletableFuture<byte[]> answer = client.invoke(bytes("put"));
    scheduler.pass(150);
    for (int replica = 0; replica < 4; replica++) {
      assertThat(links().requestsAt(replica)).isNotEmpty();
    }
    assertThat(links().refused).isEmpty();
    assertThat(answer).isNotDone();
  }

  @Test
  void aBurstIsFlushedOnce() {
    int before = links().flushes;
    for (int i = 0; i < 20; i++) {
      CompletableFuture<byte[]> unused = client.invoke(bytes("op" + i));
    }
    scheduler.run();
    assertThat(links().requestsAt(0)).hasSize(20);
    assertThat(links().flushes).isEqualTo(before + 1);
  }

  @Test
  void theOperationIsCopied() {
    byte[] operation = bytes("put");
    CompletableFuture<byte[]> answer = client.invoke(operation);
    operation[0] = 0;
    scheduler.run();
    assertThat(links().requestsAt(0).get(0).operation()).isEqualTo(bytes("put"));
    assertThat(answer).isNotDone();
  }

  @Test
  void whatTheServiceThrewFailsTheFutureByName() {
    CompletableFuture<byte[]> answer = client.invoke(bytes("put"));
    scheduler.run();
    links()
        .answer(
            links().requestsAt(0).get(0), new Result(Result.Outcome.FAILED, bytes("a.Problem")));
    scheduler.run();
    assertThatThrownBy(answer::join)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            OperationFailedException.class, e -> assertThat(e.thrown()).isEqualTo("a.Problem"));
  }

  @Test
  void readsGoTheWayTheirModeSays() {
    CompletableFuture<byte[]> ordered = client.read(bytes("a"), ReadMode.ORDERED);
    CompletableFuture<byte[]> fast = client.read(bytes("b"), ReadMode.FAST);
    CompletableFuture<byte[]> stale = client.read(bytes("c"), ReadMode.STALE);
    scheduler.run();
    assertThat(links().requestsAt(0).get(0).kind()).isEqualTo(Request.Kind.READ);
    List<ReadRequest> reads =
        links().received.stream()
            .flatMap(List::stream)
            .filter(ReadRequest.class::isInstance)
            .map(ReadRequest.class::cast)
            .toList();
    assertThat(reads.stream().filter(ReadRequest::fast)).hasSize(4);
    assertThat(reads.stream().filter(r -> !r.fast())).hasSize(1);

    for (int replica = 0; replica < 4; replica++) {
      links().say(replica, readReply(1, ok("fast"), replica));
      links().say(replica, readReply(2, ok("stale"), replica));
    }
    scheduler.run();
    assertThat(fast.join()).isEqualTo(bytes("fast"));
    assertThat(stale.join()).isEqualTo(bytes("stale"));
    assertThat(ordered).isNotDone();
  }

  @Test
  void aStatusIsAskedOfOneReplica() {
    CompletableFuture<StatusReport> status = client.status(2);
    scheduler.run();
    assertThat(links().received.get(2)).containsExactly(new StatusQuery(CLIENT, 1));
    StatusReport report = new StatusReport(1, 3, true, 9, 0, 9, 3, 0, "", List.of(), 2);
    links().say(2, report);
    scheduler.run();
    assertThat(status.join()).isEqualTo(report);
    CompletableFuture<StatusReport> none = client.status(4);
    scheduler.run();
    assertFailed(none, ClientFailure.UNKNOWN_REPLICA);
  }

  @Test
  void beyondTheBoundInvokeFailsAtOnceAndSendsNothing() {
    PbftClient small = start(ClientConfig.of(CLIENT, 1, cluster.config).withWindow(2, 1));
    List<CompletableFuture<byte[]>> accepted = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      accepted.add(small.invoke(bytes("op")));
    }
    assertFailed(small.invoke(bytes("op")), ClientFailure.OVERLOADED);
    scheduler.run();
    assertThat(links().requestsAt(0)).hasSize(2);

    links().answer(links().requestsAt(0).get(0), ok("done"));
    scheduler.run();
    assertThat(accepted.get(0)).isCompletedWithValueMatching(b -> b.length == 4);
    assertThat(small.invoke(bytes("op"))).as("there is room again").isNotDone();
  }

  @Test
  void aFutureThatIsCancelledMakesRoomAndIsStillExecutedInItsTurn() {
    CompletableFuture<byte[]> first = client.invoke(bytes("first"));
    scheduler.run();
    assertThat(first.cancel(false)).isTrue();
    scheduler.pass(150);
    assertThat(links().requestsAt(3)).as("retransmitted all the same").hasSize(1);
    CompletableFuture<byte[]> second = client.invoke(bytes("second"));
    CompletableFuture<byte[]> third = client.invoke(bytes("third"));
    assertThat(third.cancel(false)).as("before the owner has even seen it").isTrue();
    scheduler.run();
    links().answer(links().requestsAt(0).get(0), ok("1"));
    Request last = links().requestsAt(0).get(2);
    assertThat(last.timestamp()).isEqualTo(2);
    links().answer(last, ok("2"));
    scheduler.run();
    assertThat(second.join()).isEqualTo(bytes("2"));
  }

  @Test
  void anExpiredSessionIsReplacedByAHigherOneThatTakesOverWhatWasNeverSent() {
    PbftClient small = start(ClientConfig.of(CLIENT, 1, cluster.config).withWindow(1, 5));
    FakeLinks old = links();
    CompletableFuture<byte[]> sent = small.invoke(bytes("sent"));
    CompletableFuture<byte[]> queued = small.invoke(bytes("queued"));
    scheduler.run();
    old.answer(old.requestsAt(0).get(0), new Result(Result.Outcome.SESSION_EXPIRED, new byte[0]));
    scheduler.run();

    assertFailed(sent, ClientFailure.OUTCOME_UNKNOWN);
    assertThat(old.closed).isTrue();
    assertThat(links()).isNotSameAs(old);
    assertThat(links().session).as("though the clock has not moved").isEqualTo(1_001);
    links().connectAll();
    scheduler.run();
    assertThat(links().requestsAt(0)).hasSize(1);
    assertThat(links().requestsAt(0).get(0).timestamp()).isEqualTo(1);
    old.connect(1);
    links().answer(links().requestsAt(0).get(0), ok("done"));
    scheduler.run();
    assertThat(queued.join()).isEqualTo(bytes("done"));
  }

  @Test
  void refusalsAreCountedByReasonWhereverTheyAreMade() {
    Result lie = ok("lie");
    links().say(3, new Reply(0, CLIENT, 1_000, 9, lie.digest(), lie, 3));
    links().say(3, new Reply(0, CLIENT, 1_000, 9, lie.digest(), lie, 2));
    byte[] garbage = {0, 1, 2, 3};
    links().listener.onPayload(Principal.replica(3), 1_000, garbage, 0, garbage.length);
    links().listener.onPayload(Principal.replica(9), 1_000, garbage, 0, garbage.length);
    links().listener.onRefused(null, Reason.BAD_AUTH, "a handshake");
    scheduler.run();
    assertThat(client.refusals())
        .containsOnlyKeys(
            Reason.NOT_ASKED_FOR,
            Reason.WRONG_SENDER,
            Reason.MALFORMED,
            Reason.UNKNOWN_REPLICA,
            Reason.BAD_AUTH)
        .containsEntry(Reason.NOT_ASKED_FOR, 1L);
  }

  @Test
  void aReplicaThatFloodsLosesWhatIsAboveItsBudgetAndNobodyElseDoes() {
    CompletableFuture<byte[]> answer = client.invoke(bytes("put"));
    scheduler.run();
    Result big = new Result(Result.Outcome.OK, new byte[1_000_000]);
    for (int i = 0; i < 30; i++) {
      links().say(3, new Reply(0, CLIENT, 1_000, 1, big.digest(), big, 3));
    }
    assertThat(client.refusals().get(Reason.PEER_THROTTLED)).isBetween(10L, 20L);
    links().answer(links().requestsAt(0).get(0), ok("done"));
    scheduler.run();
    assertThat(answer.join()).isEqualTo(bytes("done"));
    long throttled = client.refusals().get(Reason.PEER_THROTTLED);
    links().say(3, new Reply(0, CLIENT, 1_000, 1, big.digest(), big, 3));
    assertThat(client.refusals()).containsEntry(Reason.PEER_THROTTLED, throttled);
  }

  @Test
  void closingFailsWhatIsOpenAndWhatComesLater() {
    CompletableFuture<byte[]> open = client.invoke(bytes("put"));
    scheduler.run();
    assertThat(scheduler.timersArmed()).isPositive();
    CompletableFuture<Void> closing = open.handle((value, failure) -> null);
    scheduler.shutdown(); // Too early, but no reason to hang: the closing thread does the work.
    client.close();
    client.close();
    assertThat(closing).isDone();
    assertFailed(open, ClientFailure.CLOSED);
    assertThat(links().closed).isTrue();
    assertThat(scheduler.timersArmed()).isZero();
    assertFailed(client.invoke(bytes("late")), ClientFailure.CLOSED);
  }

  @Test
  void aCallbackMayCloseTheClient() {
    CompletableFuture<byte[]> first = client.invoke(bytes("1"));
    CompletableFuture<byte[]> second = client.invoke(bytes("2"));
    CompletableFuture<Void> closing = first.thenAccept(value -> client.close());
    scheduler.run();
    links().answer(links().requestsAt(0).get(0), ok("done"));
    scheduler.run();
    assertThat(closing).isCompleted();
    assertFailed(second, ClientFailure.CLOSED);
  }

  @Test
  void linksThatCannotBeOpenedFailOperationsInsteadOfHangingThem() {
    List<Throwable> uncaught = new ArrayList<>();
    Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> uncaught.add(e));
    PbftClient broken =
        PbftClient.builder(
                ClientConfig.of(CLIENT, 1, cluster.config),
                cluster.clientSealer,
                cluster.clientDoor,
                (session, listener) -> {
                  throw new IllegalStateException("no network");
                },
                () -> 1)
            .executor(scheduler)
            .start();
    CompletableFuture<byte[]> answer = broken.invoke(bytes("put"));
    scheduler.run();
    Thread.currentThread().setUncaughtExceptionHandler(null);
    assertFailed(answer, ClientFailure.CLOSED);
    assertThat(uncaught).singleElement().extracting(Throwable::getMessage).isEqualTo("no network");
  }

  @Test
  void withItsOwnThreadItAnswersThreadsThatWait() throws Exception {
    CompletableFuture<FakeLinks> opened = new CompletableFuture<>();
    try (PbftClient own =
        PbftClient.builder(
                ClientConfig.of(CLIENT, 1, cluster.config),
                cluster.clientSealer,
                cluster.clientDoor,
                (session, listener) -> {
                  FakeLinks links = new FakeLinks(cluster, session, listener);
                  opened.complete(links);
                  return links;
                },
                () -> 1)
            .start()) {
      FakeLinks links = opened.get(10, TimeUnit.SECONDS);
      links.connectAll();
      CompletableFuture<StatusReport> status = own.status(1);
      CompletableFuture<byte[]> read = own.invoke(bytes("put"));
      links.say(1, new StatusReport(1, 3, true, 9, 0, 9, 3, 0, "", List.of(), 1));
      assertThat(read).isNotDone();
      assertThat(status.get(10, TimeUnit.SECONDS).view()).isEqualTo(3);
    }
  }

  @Test
  void onTheThreadOfItsTransportsItEndsWhatTheyShare() throws Exception {
    ManualScheduler thread = new ManualScheduler();
    List<String> done = new ArrayList<>();
    TransportFactory transports =
        new TransportFactory() {
          @Override
          public FakeLinks open(long session, Transport.Listener listener) {
            done.add("open");
            return new FakeLinks(cluster, session, listener);
          }

          @Override
          public ScheduledExecutorService thread() {
            return thread;
          }

          @Override
          public void close() {
            done.add("close");
          }
        };
    PbftClient shared =
        PbftClient.builder(
                ClientConfig.of(CLIENT, 1, cluster.config),
                cluster.clientSealer,
                cluster.clientDoor,
                transports,
                () -> 1)
            .start();
    assertThat(done).isEmpty();
    thread.run();
    assertThat(done).containsExactly("open");
    CompletableFuture<byte[]> answer = shared.invoke(bytes("put"));
    CompletableFuture<Void> closing = CompletableFuture.runAsync(shared::close);
    while (!closing.isDone()) {
      thread.run();
    }
    closing.join();
    assertFailed(answer, ClientFailure.CLOSED);
    assertThat(done).containsExactly("open", "close");
  }

  private static ReadReply readReply(long nonce, Result result, int replica) {
    return new ReadReply(1_000, nonce, 1, result.digest(), result, replica);
  }

  private static void assertFailed(CompletableFuture<?> future, ClientFailure failure) {
    assertThatThrownBy(future::join)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            ClientException.class, e -> assertThat(e.failure()).isEqualTo(failure));
  }

  @Test
  void onlyWhatIsMeantForClientsComesIn() {
    links().say(1, new Commit(0, 1, Digest.ZERO, 1));
    assertThat(client.refusals()).containsEntry(Reason.UNEXPECTED_TYPE, 1L);
  }
}
