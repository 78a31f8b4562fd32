package io.pbft.core.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.pbft.core.Effect;
import io.pbft.core.Observation;
import io.pbft.core.ProtocolConfig;
import io.pbft.core.codec.Limits;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Busy;
import io.pbft.core.message.Checkpoint;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.ReadReply;
import io.pbft.core.message.ReadRequest;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Request;
import io.pbft.core.message.RequestMessage;
import io.pbft.crypto.Digest;
import io.pbft.crypto.Principal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What comes in: who is refused, who is told, and how much may wait. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DoorTest {
  /** Checkpoints of one replica that may wait: the start of the log, and each of its intervals. */
  private static final int ROOM =
      1 + new DriverHarness().config.logWindow() / new DriverHarness().config.checkpointInterval();

  private static RequestMessage signed(DriverHarness harness, int client) {
    Request request = new Request(client, 7, 1, 1, Request.Kind.WRITE, new byte[0]);
    return new RequestMessage(
        new AuthenticatedRequest(request, harness.clientSealer.sign(request)), false);
  }

  private static Checkpoint checkpoint(int replica) {
    return new Checkpoint(128, Digest.ZERO, replica);
  }

  @Test
  void whatTheDoorRefusesIsCountedAndToldAndNotDelivered() {
    DriverHarness harness = new DriverHarness().begin();
    harness.receive(Principal.replica(2), DriverHarness.prepare(1));
    harness.driver.transportListener().onRefused(null, Reason.FRAME_TOO_LARGE, "9 GB");
    harness.driver.turn();
    assertThat(harness.core.events).isEmpty();
    assertThat(harness.driver.refusals())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(Reason.WRONG_SENDER, 1L, Reason.FRAME_TOO_LARGE, 1L));
    assertThat(harness.listener.heard)
        .endsWith("refused WRONG_SENDER PREPARE of replica 2", "link refused FRAME_TOO_LARGE");
  }

  @Test
  void theTransportLearnsWhichClientIsRefusedByTheDoorOrByTheCore() {
    DriverHarness harness = new DriverHarness().begin();
    byte[] unexpected = harness.sealer.payload(DriverHarness.prepare(1));
    byte[] request = harness.sealer.payload(signed(harness, 2));
    String first = "refused client 1, " + unexpected.length + " bytes";
    harness.receive(Principal.client(1), unexpected);
    assertThat(harness.transport.log).containsExactly(first);
    harness.core.script =
        event ->
            List.of(
                new Effect.Observe(
                    new Observation.Refused(Reason.CLIENT_THROTTLED, MessageType.REQUEST, 2)));
    harness.receive(Principal.client(2), request);
    harness.arrive(1);
    harness.driver.turn();
    assertThat(harness.transport.log)
        .filteredOn(line -> line.startsWith("refused"))
        .containsExactly(first, "refused client 2, " + request.length + " bytes");
  }

  @Test
  void aFloodOfClientsIsRefusedBeforeAnyReplica() {
    DriverHarness harness = new DriverHarness().begin();
    RequestMessage[] messages = new RequestMessage[8];
    for (int client = 0; client < messages.length; client++) {
      messages[client] = signed(harness, client);
      byte[] payload = harness.sealer.payload(messages[client]);
      for (int i = 0; i < Inbox.EVENTS_PER_PEER; i++) {
        harness.receive(Principal.client(client), payload);
      }
    }
    long over = 8L * Inbox.EVENTS_PER_PEER - Inbox.EVENTS_OF_CLIENTS;
    assertThat(harness.driver.refusals()).containsEntry(Reason.CLIENT_THROTTLED, over);
    assertThat(harness.transport.last()).isEqualTo(new Busy(7, 1, false, 0, 0));
    harness.arrive(1);
    assertThat(harness.driver.refusals()).doesNotContainKey(Reason.PEER_THROTTLED);
    while (harness.driver.turn()) {
      // Until the inbox is empty.
    }
    assertThat(harness.core.events).hasSize(Inbox.EVENTS_OF_CLIENTS + 1);
    harness.receive(Principal.client(0), messages[0]);
    assertThat(harness.driver.refusals())
        .as("room again")
        .containsEntry(Reason.CLIENT_THROTTLED, over);
  }

  @Test
  void aFloodOfOneReplicaLeavesRoomForTheOthers() {
    DriverHarness harness = new DriverHarness().begin();
    for (int i = 0; i < Inbox.EVENTS_PER_PEER + 10; i++) {
      harness.arrive(1);
    }
    harness.arrive(2);
    assertThat(harness.driver.refusals()).containsEntry(Reason.PEER_THROTTLED, 10L);
    while (harness.driver.turn()) {
      // Until the inbox is empty.
    }
    assertThat(harness.core.events).hasSize(Inbox.EVENTS_PER_PEER + 1);
  }

  @Test
  void theInboxIsBoundedInBytes() {
    Limits limits = new Limits(256 * 1024, 1024, 1024, 10, 1024);
    DriverHarness harness = new DriverHarness(new DriverHarness.EchoMachine(), limits).begin();
    ReadRequest read = new ReadRequest(5, 7, 1, true, new byte[1024]);
    int bytes = harness.sealer.payload(read).length;
    int room = 4 * limits.frameBytes() / bytes + 1;
    for (int i = 0; i < room; i++) {
      harness.receive(Principal.client(5), read);
    }
    assertThat(harness.driver.refusals()).isEmpty();
    harness.receive(Principal.client(5), read);
    assertThat(harness.driver.refusals()).containsEntry(Reason.CLIENT_THROTTLED, 1L);
    assertThat(harness.transport.last()).isEqualTo(ReadReply.refusal(read, 0));
  }

  @Test
  @DisplayName("Operations do not wait for the checks of checkpoints' signatures")
  void checkpointsAreCheckedBesideTheTurns() {
    DriverHarness harness = new DriverHarness().begin();
    harness.receive(Principal.replica(1), checkpoint(1));
    harness.receive(Principal.replica(2), checkpoint(3));
    harness.arrive(1);
    harness.driver.turn();
    assertThat(harness.core.delivered()).containsExactly(DriverHarness.prepare(1));
    assertThat(harness.driver.admitCheckpoint()).as("a moment later").isFalse();
    harness.clock.advance(1);
    assertThat(harness.driver.admitCheckpoint()).isTrue();
    assertThat(harness.driver.admitCheckpoint()).isTrue();
    assertThat(harness.driver.admitCheckpoint()).isFalse();
    harness.driver.turn();
    assertThat(harness.core.delivered()).containsExactly(DriverHarness.prepare(1), checkpoint(1));
    assertThat(harness.driver.refusals()).containsOnly(entry(Reason.WRONG_SENDER, 1L));
  }

  @Test
  void aFloodOfCheckpointsTakesNoOtherReplicasRoom() {
    DriverHarness harness = new DriverHarness().begin();
    for (int i = 0; i < ROOM; i++) {
      harness.receive(Principal.replica(1), checkpoint(1));
    }
    assertThat(harness.driver.refusals()).isEmpty();
    harness.receive(Principal.replica(1), checkpoint(1));
    harness.receive(Principal.replica(2), checkpoint(2));
    assertThat(harness.driver.refusals()).containsOnly(entry(Reason.PEER_THROTTLED, 1L));
    harness.clock.advance(1);
    while (harness.driver.admitCheckpoint()) {
      harness.driver.turn();
    }
    assertThat(harness.core.delivered()).hasSize(ROOM + 1);
    assertThat(harness.core.delivered()).endsWith(checkpoint(2));
  }

  @Test
  void whatIsTooLongForACheckpointIsRefusedAtOnce() {
    DriverHarness harness = new DriverHarness().begin();
    byte[] payload = harness.sealer.payload(checkpoint(1));
    harness.receive(
        Principal.replica(1), Arrays.copyOf(payload, payload.length + Checkpoints.MAX_BYTES));
    assertThat(harness.driver.admitCheckpoint()).isFalse();
    assertThat(harness.driver.refusals()).containsOnly(entry(Reason.NON_CANONICAL, 1L));
  }

  @Test
  void aCheckThatFailsCostsThatCheckpointOnly() {
    DriverHarness harness = new DriverHarness().begin();
    harness.keys.onReplica =
        () -> {
          throw new IllegalStateException("a bug");
        };
    harness.receive(Principal.replica(1), checkpoint(1));
    harness.receive(Principal.replica(2), checkpoint(2));
    harness.clock.advance(1);
    assertThat(Uncaught.by(() -> assertThat(harness.driver.admitCheckpoint()).isTrue()))
        .as("told with its stack")
        .hasMessage("a bug");
    harness.keys.onReplica = () -> {};
    assertThat(harness.driver.admitCheckpoint()).isTrue();
    harness.driver.turn();
    assertThat(harness.core.delivered()).containsExactly(checkpoint(2));
    assertThat(harness.driver.refusals()).containsOnly(entry(Reason.MALFORMED, 1L));
    assertThat(harness.listener.heard).endsWith("refused MALFORMED CHECKPOINT of replica 1");
  }

  @Test
  @DisplayName("What is stable needs no check of what else vouches for it")
  void checkpointsUpToTheStableOneAreNotChecked() {
    DriverHarness harness = new DriverHarness().begin();
    harness.deliver(new Effect.Discard(128));
    harness.keys.onReplica =
        () -> {
          throw new IllegalStateException("it is checked");
        };
    harness.receive(Principal.replica(3), checkpoint(3));
    harness.clock.advance(1);
    assertThat(harness.driver.admitCheckpoint()).isTrue();
    harness.keys.onReplica = () -> {};
    harness.receive(Principal.replica(3), new Checkpoint(256, Digest.ZERO, 3));
    harness.clock.advance(1);
    assertThat(harness.driver.admitCheckpoint()).isTrue();
    harness.driver.turn();
    assertThat(harness.core.delivered()).endsWith(new Checkpoint(256, Digest.ZERO, 3));
    assertThat(harness.core.delivered()).doesNotContain(checkpoint(3));
    assertThat(harness.driver.refusals()).isEmpty();
  }

  @Test
  @DisplayName("Between two checks there is time for operations, but a slow check is no long rest")
  void checksRestBetween() {
    DriverHarness harness = new DriverHarness().begin();
    harness.keys.onReplica = () -> harness.clock.advance(500);
    harness.receive(Principal.replica(1), checkpoint(1));
    harness.receive(Principal.replica(2), checkpoint(2));
    harness.clock.advance(1);
    assertThat(harness.driver.admitCheckpoint()).isTrue();
    harness.clock.advance(1);
    assertThat(harness.driver.admitCheckpoint()).isFalse();
    harness.clock.advance(1);
    assertThat(harness.driver.admitCheckpoint()).isTrue();
    harness.driver.turn();
    assertThat(harness.core.delivered()).containsExactly(checkpoint(1), checkpoint(2));
  }

  @Test
  @DisplayName("Whoever checks is woken for the first that waits, and knows how long to rest")
  void oneWakeUpIsEnoughForAllThatWait() {
    int[] wakeUps = new int[1];
    Checkpoints waiting = new Checkpoints(ProtocolConfig.of(4), () -> wakeUps[0]++);
    waiting.offer(new Checkpoints.Waiting(Principal.replica(1), 7, new byte[0], 1_000));
    waiting.offer(new Checkpoints.Waiting(Principal.replica(2), 7, new byte[0], 2_000));
    assertThat(wakeUps[0]).isEqualTo(1);
    long due = 1_000 + Checkpoints.DELAY_NANOS;
    assertThat(waiting.nanosLeft(1_500, Long.MAX_VALUE)).isEqualTo(due - 1_500);
    assertThat(waiting.nanosLeft(1_500, 10)).isEqualTo(10);
    assertThat(waiting.poll(due).peer()).isEqualTo(Principal.replica(1));
    waiting.checked(due, due + 5_000);
    assertThat(waiting.nanosLeft(due + 5_000, Long.MAX_VALUE)).isEqualTo(8 * 5_000);
    assertThat(waiting.poll(due + 9 * 5_000).peer()).isEqualTo(Principal.replica(2));
    assertThat(waiting.nanosLeft(due + 9 * 5_000, 77)).isEqualTo(77);
    waiting.offer(new Checkpoints.Waiting(Principal.replica(3), 7, new byte[0], due));
    assertThat(wakeUps[0]).isEqualTo(2);
  }
}
