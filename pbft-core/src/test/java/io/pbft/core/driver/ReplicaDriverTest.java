package io.pbft.core.driver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pbft.core.Effect;
import io.pbft.core.Event;
import io.pbft.core.Observation;
import io.pbft.core.TimerKind;
import io.pbft.core.codec.Limits;
import io.pbft.core.message.Checkpoint;
import io.pbft.core.message.Commit;
import io.pbft.core.message.Envelope;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.ReadReply;
import io.pbft.core.message.ReadRequest;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Request;
import io.pbft.core.message.StatusQuery;
import io.pbft.core.message.StatusReport;
import io.pbft.core.spi.LogRecord;
import io.pbft.core.spi.Recovered;
import io.pbft.core.spi.Snapshot;
import io.pbft.core.spi.Transport;
import io.pbft.crypto.Digest;
import io.pbft.crypto.MacKey;
import io.pbft.crypto.Principal;
import io.pbft.crypto.Session;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The duties that {@link io.pbft.core.ReplicaCore} lists, one by one. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ReplicaDriverTest {
  private static final LogRecord RECORD = new LogRecord.Prepared(0, 1, Digest.ZERO);

  private static final MacKey SHARED = MacKey.fromBytes(new byte[MacKey.LENGTH]);

  private static Effect.Broadcast commit() {
    return new Effect.Broadcast(new Commit(0, 1, Digest.ZERO, 0));
  }

  private static Effect.Send prepareTo(int replica) {
    return new Effect.Send(replica, DriverHarness.prepare(0));
  }

  private static Request request(Request.Kind kind, String operation) {
    return new Request(5, 7, 1, 1, kind, operation.getBytes(UTF_8));
  }

  @Test
  void theFirstEventIsTheStart() {
    DriverHarness harness = new DriverHarness();
    harness.arrive(1);
    harness.driver.connect(harness.transport);
    harness.driver.begin(Recovered.amnesiac());
    harness.driver.turn();
    assertThat(harness.core.events)
        .extracting(event -> event.getClass().getSimpleName())
        .containsExactly("Started", "Delivered");
    assertThat(((Event.Started) harness.core.events.get(0)).recovered().fresh()).isFalse();
  }

  @Test
  void effectsAreCarriedOutInOrderAndFlushedOnce() {
    DriverHarness harness = new DriverHarness().begin();
    harness.core.script = event -> List.of(prepareTo(2), commit(), prepareTo(3));
    harness.arrive(1);
    harness.arrive(2);
    harness.driver.turn();
    List<String> once =
        List.of(
            "replica 2 PREPARE",
            "replica 1 COMMIT",
            "replica 2 COMMIT",
            "replica 3 COMMIT",
            "replica 3 PREPARE");
    assertThat(harness.transport.log.subList(0, 5)).isEqualTo(once);
    assertThat(harness.transport.log.subList(5, 10)).isEqualTo(once);
    assertThat(harness.transport.log.subList(10, 11)).containsExactly("flush");
    assertThat(harness.transport.log).hasSize(11);
    harness.driver.turn();
    assertThat(harness.transport.log).as("nothing sent, nothing flushed").hasSize(11);
  }

  @Test
  void aBroadcastIsEncodedOnceAndASealedEnvelopeIsSentAsItIs() {
    DriverHarness harness = new DriverHarness().begin();
    Checkpoint checkpoint = new Checkpoint(128, Digest.ZERO, 0);
    Envelope sealed = harness.sealer.seal(checkpoint);
    harness.deliver(commit(), new Effect.Broadcast(checkpoint, sealed));
    List<byte[]> payloads = harness.transport.payloads;
    assertThat(payloads.get(1)).isSameAs(payloads.get(0));
    assertThat(payloads.get(3)).isEqualTo(harness.sealer.payload(sealed));
  }

  @Test
  void nothingSaidAfterARecordLeavesBeforeItIsDurable() {
    DriverHarness harness = new DriverHarness().begin();
    harness.deliver(prepareTo(1), new Effect.Persist(RECORD), prepareTo(2));
    assertThat(harness.transport.log).containsExactly("replica 1 PREPARE", "flush");
    assertThat(harness.journal.forces).isPositive();

    harness.deliver(commit(), new Effect.Persist(RECORD), prepareTo(3));
    assertThat(harness.transport.log).as("nor in a later step").hasSize(2);

    harness.journal.listener.onDurable(1);
    harness.driver.turn();
    assertThat(harness.transport.log.subList(2, harness.transport.log.size()))
        .containsExactly(
            "replica 2 PREPARE",
            "replica 1 COMMIT",
            "replica 2 COMMIT",
            "replica 3 COMMIT",
            "flush");

    harness.journal.listener.onDurable(2);
    harness.driver.turn();
    assertThat(harness.transport.log).endsWith("replica 3 PREPARE", "flush");
    harness.deliver(prepareTo(1));
    assertThat(harness.transport.log).endsWith("replica 1 PREPARE", "flush");
  }

  @Test
  void theTransportIsAskedToSendWhatHasWaitedForTheDisk() {
    DriverHarness harness = new DriverHarness().begin();
    harness.deliver(new Effect.Persist(RECORD), prepareTo(1));
    harness.journal.listener.onDurable(1);
    assertThat(harness.transport.burstEndsAsked).isEqualTo(1);
  }

  @Test
  void onlyMessagesWaitForTheDisk() {
    DriverHarness harness = new DriverHarness().begin();
    harness.deliver(
        new Effect.Persist(RECORD),
        new Effect.Execute(1, 5, List.of(request(Request.Kind.WRITE, "x"))),
        new Effect.Query(new ReadRequest(5, 7, 9, false, new byte[0])),
        new Effect.Observe(new Observation.ViewEntered(0, 0)));
    assertThat(harness.core.events).anyMatch(event -> event instanceof Event.Executed);
    assertThat(harness.listener.heard).contains("ViewEntered");
    assertThat(harness.transport.log).as("an answer is a message").isEmpty();
    harness.receive(Principal.client(5), new StatusQuery(5, 3));
    harness.driver.turn();
    assertThat(harness.transport.log)
        .as("a status report promises nothing")
        .containsExactly("client 5.7 STATUS_REPORT", "flush");
  }

  @Test
  void aStalledDiskStopsTheCoreAndNotTheMemory() {
    DriverHarness harness = new DriverHarness().begin();
    harness.core.script = event -> event instanceof Event.Delivered ? List.of(commit()) : List.of();
    harness.deliver(new Effect.Persist(RECORD));
    harness.core.script = event -> List.of(commit());
    for (int i = 0; i < 8; i++) {
      for (int k = 0; k < 10_000; k++) {
        harness.arrive(1 + i % 3);
      }
      while (harness.driver.turn()) {
        // Until it takes nothing more.
      }
    }
    assertThat(harness.core.events).hasSize(1 + 65_536);
    harness.journal.listener.onDurable(1);
    harness.driver.turn();
    assertThat(harness.core.events.size()).isGreaterThan(1 + 65_536);
  }

  @Test
  void answersToEffectsComeAsLaterEventsAndInOrder() {
    DriverHarness harness = new DriverHarness().begin();
    harness.core.script =
        event -> {
          if (event instanceof Event.Delivered) {
            return List.of(
                new Effect.Execute(1, 5, List.of(request(Request.Kind.WRITE, "a"))),
                new Effect.TakeSnapshot(1, new byte[0]),
                prepareTo(1));
          }
          return event instanceof Event.Executed ? List.of(prepareTo(2)) : List.of(prepareTo(3));
        };
    harness.arrive(1);
    harness.driver.turn();
    assertThat(harness.core.events)
        .extracting(event -> event.getClass().getSimpleName())
        .containsExactly("Delivered", "Executed", "SnapshotTaken");
    assertThat(harness.transport.log)
        .containsExactly("replica 1 PREPARE", "replica 2 PREPARE", "replica 3 PREPARE", "flush");
  }

  @Test
  @DisplayName("A snapshot is taken when the answers to what it follows have left")
  void answersDoNotWaitForSnapshots() {
    class Watching extends DriverHarness.EchoMachine {
      private List<String> sent = List.of();
      private List<String> sentBefore = List.of();

      @Override
      public Snapshot snapshot() {
        sentBefore = List.copyOf(sent);
        return super.snapshot();
      }
    }
    Watching machine = new Watching();
    DriverHarness harness = new DriverHarness(machine, Limits.DEFAULT).begin();
    machine.sent = harness.transport.log;
    harness.deliver(prepareTo(1), new Effect.TakeSnapshot(128, new byte[0]));
    assertThat(machine.sentBefore).containsExactly("replica 1 PREPARE", "flush");
  }

  @Test
  void aReadIsAnsweredFromTheStateAsExecuted() {
    DriverHarness harness = new DriverHarness().begin();
    harness.deliver(
        new Effect.Execute(9, 5, List.of(request(Request.Kind.WRITE, "a"))),
        new Effect.Query(new ReadRequest(5, 7, 33, true, new byte[0])));
    ReadReply reply = (ReadReply) harness.transport.last();
    assertThat(reply.executed()).isEqualTo(9);
    assertThat(reply.nonce()).isEqualTo(33);
    assertThat(reply.session()).isEqualTo(7);
    assertThat(new String(reply.result().bytes(), UTF_8)).isEqualTo("read a");
    assertThat(reply.resultDigest()).isEqualTo(reply.result().digest());
  }

  @Test
  void aTimerFiresOnceAndItsSuccessorReplacesIt() {
    DriverHarness harness = new DriverHarness().begin();
    harness.deliver(
        new Effect.Arm(TimerKind.REQUEST, 1, 100),
        new Effect.Arm(TimerKind.REQUEST, 2, 200),
        new Effect.Arm(TimerKind.STATUS, 1, 150),
        new Effect.Arm(TimerKind.FETCH, 1, 150),
        new Effect.Cancel(TimerKind.FETCH));
    harness.core.events.clear();
    harness.clock.advance(149);
    harness.driver.turn();
    assertThat(harness.core.events).isEmpty();
    harness.clock.advance(151);
    harness.driver.turn();
    harness.driver.turn();
    assertThat(harness.core.events)
        .containsExactly(
            new Event.TimerFired(harness.clock.millis, TimerKind.STATUS, 1),
            new Event.TimerFired(harness.clock.millis, TimerKind.REQUEST, 2));
  }

  @Test
  void theClockOfEventsNeverRunsBackwards() {
    DriverHarness harness = new DriverHarness().begin();
    harness.deliver();
    harness.clock.millis -= 5_000;
    harness.deliver();
    assertThat(harness.core.events).extracting(Event::at).containsExactly(1_000_000L, 1_000_000L);
  }

  @Test
  void theCoreHearsOfLinksAndOfChangesThatFollowEachOtherTheLast() {
    DriverHarness harness = new DriverHarness().begin();
    Transport.Listener door = harness.driver.transportListener();
    harness.core.events.clear();
    door.onConnected(link(Principal.replica(2)));
    door.onConnected(link(Principal.client(2)));
    harness.driver.turn();
    harness.driver.turn();
    door.onDisconnected(Principal.replica(2), 0);
    door.onConnected(link(Principal.replica(3)));
    door.onDisconnected(Principal.replica(3), 0);
    door.onDisconnected(Principal.client(2), 0);
    harness.driver.turn();
    assertThat(harness.core.events)
        .containsExactly(
            new Event.LinkChanged(harness.clock.millis, 2, true),
            new Event.LinkChanged(harness.clock.millis, 2, false));
  }

  private static Session link(Principal peer) {
    return new Session(Principal.replica(0), peer, 0, null, null, SHARED);
  }

  @Test
  void aStatusQueryIsAnsweredByTheDriver() {
    DriverHarness harness = new DriverHarness().begin();
    harness.receive(Principal.replica(1), new byte[0]);
    harness.deliver(
        new Effect.Observe(new Observation.Refused(Reason.WRONG_VIEW, MessageType.COMMIT, 2)),
        new Effect.Observe(new Observation.Deferred(Reason.FUTURE_VIEW, MessageType.COMMIT, 2)));
    harness.core.events.clear();
    harness.receive(Principal.client(5), new StatusQuery(5, 3));
    harness.driver.turn();
    assertThat(harness.core.events).isEmpty();
    assertThat(harness.transport.last())
        .isEqualTo(
            new StatusReport(
                3,
                3,
                true,
                41,
                40,
                1,
                2,
                4,
                "waits for replica 2",
                List.of(
                    new StatusReport.Count("MALFORMED", 1),
                    new StatusReport.Count("WRONG_VIEW", 1)),
                0));
  }

  /** A report costs as much as several operations: a flood of questions changed the view. */
  @Test
  void aFloodOfQuestionsIsRefusedAndCounted() {
    DriverHarness harness = new DriverHarness().begin();
    for (int i = 1; i <= Questions.A_SECOND + 1; i++) {
      harness.receive(Principal.client(5), new StatusQuery(5, i));
    }
    harness.receive(Principal.client(6), new StatusQuery(6, 1));
    while (harness.driver.turn()) {
      // Until all are answered.
    }
    assertThat(reports(harness)).as("the other client's, too").isEqualTo(Questions.A_SECOND + 1);
    assertThat(harness.transport.log).anyMatch(line -> line.startsWith("refused client 5, "));
    assertThat(harness.listener.heard)
        .contains("refused CLIENT_THROTTLED STATUS_QUERY of client 5");
    harness.clock.advance(1000);
    harness.receive(Principal.client(5), new StatusQuery(5, 1));
    harness.driver.turn();
    assertThat(reports(harness)).as("a second later").isEqualTo(Questions.A_SECOND + 2);
  }

  /** A flood of one large request, which was refused nothing, was read to the last byte. */
  @Test
  void whatAClientSendsAgainCountsTowardsNotBeingReadFrom() {
    DriverHarness harness = new DriverHarness().begin();
    Effect again = new Effect.Observe(new Observation.Repeated(5));
    harness.core.script = event -> event instanceof Event.Delivered ? List.of(again) : List.of();
    harness.receive(Principal.client(5), new ReadRequest(5, 7, 9, false, new byte[100]));
    harness.driver.turn();
    assertThat(harness.transport.log).anyMatch(line -> line.startsWith("refused client 5, "));
    assertThat(harness.driver.refusals()).as("but is no refusal").isEmpty();
  }

  private static long reports(DriverHarness harness) {
    return harness.transport.log.stream().filter(line -> line.endsWith("STATUS_REPORT")).count();
  }

  @Test
  void theOwnerThreadIsWokenForACheckpoint() throws Exception {
    DriverHarness harness = new DriverHarness();
    CompletableFuture<Thread> checkedBy = new CompletableFuture<>();
    harness.core.script =
        event -> {
          if (event instanceof Event.Delivered) {
            checkedBy.complete(Thread.currentThread());
          }
          return List.of();
        };
    harness.driver.start(harness.transport, Recovered.first());
    harness.driver.status().orTimeout(30, TimeUnit.SECONDS).join();
    byte[] payload = harness.sealer.payload(new Checkpoint(128, Digest.ZERO, 1));
    harness
        .driver
        .transportListener()
        .onPayload(Principal.replica(1), 7, payload, 0, payload.length);
    harness.clock.advance(1);
    assertThat(checkedBy.get(30, TimeUnit.SECONDS)).isNotSameAs(Thread.currentThread());
    harness.driver.close();
  }

  @Test
  void aListenerThatThrowsHarmsNobody() {
    DriverHarness harness = new DriverHarness().begin();
    harness.listener.throwing = true;
    Effect observation = new Effect.Observe(new Observation.ViewEntered(1, 1));
    assertThat(Uncaught.by(() -> harness.deliver(observation, prepareTo(1))))
        .hasMessage("a bad listener");
    assertThat(harness.transport.log).containsExactly("replica 1 PREPARE", "flush");
  }

  @Test
  @DisplayName("The thread that brings a burst works on it, unless the owner thread is at work")
  void aMessageCostsNoChangeOfThreads() {
    DriverHarness harness = new DriverHarness();
    Set<Thread> workers = ConcurrentHashMap.newKeySet();
    harness.core.script =
        event -> {
          workers.add(Thread.currentThread());
          return List.of();
        };
    harness.driver.start(harness.transport, Recovered.first());
    harness.driver.status().orTimeout(30, TimeUnit.SECONDS).join();
    while (!workers.contains(Thread.currentThread())) {
      harness.arrive(1);
    }
    harness.driver.close();
    assertThat(harness.listener.heard).containsExactly("started", "stopped");
  }

  /** It may be its first life: that there was one must be known to the next. */
  @Test
  void closedAtOnceItHasStartedAllTheSame() {
    DriverHarness harness = new DriverHarness();
    harness.driver.start(harness.transport, Recovered.first());
    harness.driver.close();
    assertThat(harness.core.events).hasSize(1).hasOnlyElementsOfType(Event.Started.class);
    assertThat(harness.listener.heard).containsExactly("started", "stopped");
  }

  @Test
  void whoBringsABugIsSpared() throws Exception {
    DriverHarness harness = new DriverHarness();
    harness.core.script =
        event -> {
          if (event instanceof Event.Delivered) {
            throw new StackOverflowError();
          }
          return List.of();
        };
    harness.driver.start(harness.transport, Recovered.first());
    harness.driver.status().orTimeout(30, TimeUnit.SECONDS).join();
    harness.arrive(1);
    assertThat(harness.listener.ended.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(harness.listener.failure).isInstanceOf(StackOverflowError.class);
  }

  @Test
  void aBugInTheCoreStopsTheReplicaForGood() throws Exception {
    DriverHarness harness = new DriverHarness();
    harness.core.script =
        event -> {
          if (event instanceof Event.Delivered) {
            throw new IllegalStateException("a bug");
          }
          return List.of();
        };
    harness.driver.start(harness.transport, Recovered.first());
    harness.arrive(1);
    assertThat(harness.listener.ended.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(harness.listener.failure).hasMessage("a bug");
    assertThat(harness.transport.closed).isTrue();
    assertThat(harness.journal.closed).isTrue();
    assertThat(harness.driver.isRunning()).isFalse();
    assertThatThrownBy(() -> harness.driver.status().join())
        .isInstanceOf(CompletionException.class)
        .hasMessageContaining("has stopped");
    int events = harness.core.events.size();
    harness.arrive(1);
    harness.driver.close();
    assertThat(harness.core.events).hasSize(events);
    assertThat(harness.listener.heard).containsExactly("started", "failed");
  }

  @Test
  @DisplayName("A virtual machine that fails while a checkpoint is checked is no orderly end")
  void anErrorOutsideOfATurnStopsTheReplicaAndIsTold() throws Exception {
    DriverHarness harness = new DriverHarness();
    OutOfMemoryError error = new OutOfMemoryError("heap");
    harness.keys.onReplica =
        () -> {
          throw error;
        };
    harness.driver.start(harness.transport, Recovered.first());
    harness.driver.status().orTimeout(30, TimeUnit.SECONDS).join();
    byte[] payload = harness.sealer.payload(new Checkpoint(128, Digest.ZERO, 1));
    harness
        .driver
        .transportListener()
        .onPayload(Principal.replica(1), 7, payload, 0, payload.length);
    harness.clock.advance(1);
    assertThat(harness.listener.ended.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(harness.listener.failure).isSameAs(error);
  }

  @Test
  void aJournalThatFailsStopsTheReplica() throws Exception {
    DriverHarness harness = new DriverHarness();
    harness.driver.start(harness.transport, Recovered.first());
    assertThat(harness.journal.opened.await(30, TimeUnit.SECONDS)).isTrue();
    harness.journal.listener.onFailed(new IOException("disk full"));
    assertThat(harness.listener.ended.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(harness.listener.failure).hasMessage("disk full");
    assertThat(harness.transport.closed).isTrue();
  }

  @Test
  void statusIsTakenOnTheOwnerThreadAndCloseEndsEverything() {
    DriverHarness harness = new DriverHarness();
    harness.driver.start(harness.transport, Recovered.first());
    assertThat(harness.driver.status().orTimeout(30, TimeUnit.SECONDS).join().lastExecuted())
        .isEqualTo(41);
    harness.driver.close();
    assertThat(harness.listener.heard).containsExactly("started", "stopped");
    assertThat(harness.transport.closed).isTrue();
    assertThat(harness.journal.closed).isTrue();
    harness.driver.close();
  }
}
