package io.pbft.core.validation;

import static io.pbft.core.scene.Scene.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Batch;
import io.pbft.core.message.Checkpoint;
import io.pbft.core.message.Commit;
import io.pbft.core.message.Envelope;
import io.pbft.core.message.Message;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.NewView;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.Prepare;
import io.pbft.core.message.ReadRequest;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Relay;
import io.pbft.core.message.Reply;
import io.pbft.core.message.RequestMessage;
import io.pbft.core.message.StatusQuery;
import io.pbft.core.scene.Peers;
import io.pbft.core.scene.Samples;
import io.pbft.core.scene.Scene;
import io.pbft.crypto.Digest;
import io.pbft.crypto.Principal;
import io.pbft.crypto.VerifyingKey;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/** The door of replica 1; replica 2 and client 0 knock. */
@DisplayName("The one door: what is let in is its author's, and the author may say it")
class GatekeeperTest {
  static final List<Message> SAMPLES = Samples.all();

  private static final Principal REPLICA_2 = Principal.replica(2);
  private static final Principal CLIENT_0 = Principal.client(0);
  private static final Digest D = Digest.of(new byte[] {1});

  private final Peers mac = new Peers(Scene.config(4), AuthenticationMode.MAC);
  private final Peers signing = new Peers(Scene.config(4), AuthenticationMode.SIGNATURE);

  private static Gatekeeper door(Peers peers) {
    return peers.gatekeeper(Principal.replica(1), Peers.keyring(1));
  }

  private static Admission knock(Peers peers, Principal from, byte[] payload) {
    return door(peers).admit(from, payload);
  }

  private static Reason refusal(Admission admission) {
    assertThat(admission).isInstanceOf(Admission.Refused.class);
    return ((Admission.Refused) admission).reason();
  }

  private static Verified<?> admitted(Admission admission) {
    assertThat(admission).isInstanceOf(Admission.Admitted.class);
    return ((Admission.Admitted) admission).message();
  }

  private static boolean isForClients(MessageType type) {
    return switch (type) {
      case REPLY, READ_REPLY, STATUS_REPORT, BUSY -> true;
      default -> false;
    };
  }

  private static Principal author(Message message) {
    return message.type().origin() == MessageType.Origin.REPLICA ? REPLICA_2 : CLIENT_0;
  }

  // Who may send what to whom

  @ParameterizedTest
  @FieldSource("SAMPLES")
  void everyTypeIsLetInWhereItBelongsAndNowhereElse(Message message) {
    byte[] payload = mac.sealer(2).payload(message);
    Gatekeeper atClient = mac.gatekeeper(CLIENT_0, new RequestKeyring());
    Gatekeeper right = isForClients(message.type()) ? atClient : door(mac);
    Gatekeeper wrong = isForClients(message.type()) ? door(mac) : atClient;
    Verified<?> in = admitted(right.admit(author(message), payload));
    assertThat(in.message().type()).isEqualTo(message.type());
    assertThat(in.sender()).isEqualTo(author(message));
    assertThat(refusal(wrong.admit(author(message), payload))).isEqualTo(Reason.UNEXPECTED_TYPE);
  }

  @ParameterizedTest
  @FieldSource("SAMPLES")
  void clientsCantSendWhatReplicasSay(Message message) {
    if (message.type().origin() == MessageType.Origin.REPLICA) {
      byte[] payload = mac.sealer(2).payload(message);
      assertThat(refusal(knock(mac, Principal.client(2), payload)))
          .isEqualTo(Reason.UNEXPECTED_TYPE);
    }
  }

  @Test
  @DisplayName(
      "Reads and status queries convince only the link they come over: replicas can't pass them on")
  void replicasCantSendWhatOnlyClientsSay() {
    byte[] read = mac.sealer(2).payload(new ReadRequest(2, 1, 1, true, new byte[0]));
    assertThat(refusal(knock(mac, REPLICA_2, read))).isEqualTo(Reason.UNEXPECTED_TYPE);
    byte[] query = mac.sealer(2).payload(new StatusQuery(2, 1));
    assertThat(refusal(knock(mac, REPLICA_2, query))).isEqualTo(Reason.UNEXPECTED_TYPE);
  }

  @Test
  void aReplicaCantSpeakForAnother() {
    byte[] payload = mac.sealer(2).payload(new Prepare(0, 1, D, 3));
    assertThat(refusal(knock(mac, REPLICA_2, payload))).isEqualTo(Reason.WRONG_SENDER);
  }

  @Test
  @DisplayName("Nor in the mode with signatures, where its own signature would be right")
  void aSignatureDoesNotMakeAnAuthor() {
    byte[] payload = signing.sealer(2).payload(new Prepare(0, 1, D, 3));
    assertThat(refusal(knock(signing, REPLICA_2, payload))).isEqualTo(Reason.WRONG_SENDER);
    byte[] relayedByHand = signing.sealer(3).payload(new Prepare(0, 1, D, 3));
    assertThat(refusal(knock(signing, REPLICA_2, relayedByHand))).isEqualTo(Reason.WRONG_SENDER);
  }

  @Test
  void aClientCantSpeakForAnother() {
    AuthenticatedRequest others = mac.signed(request(3, 1, 1, "a"));
    byte[] payload = mac.sealer(2).payload(new RequestMessage(others, false));
    assertThat(refusal(knock(mac, CLIENT_0, payload))).isEqualTo(Reason.WRONG_SENDER);
    byte[] read = mac.sealer(2).payload(new ReadRequest(3, 1, 1, true, new byte[0]));
    assertThat(refusal(knock(mac, CLIENT_0, read))).isEqualTo(Reason.WRONG_SENDER);
  }

  // Signatures

  @Test
  void aSignedMessageIsLetInWithItsSignatureFitToBePassedOn() {
    Checkpoint message = new Checkpoint(4, D, 2);
    Verified<?> in = admitted(knock(mac, REPLICA_2, mac.sealer(2).payload(message)));
    assertThat(in.message()).isEqualTo(message);
    assertThat(in.envelope().signature()).isEqualTo(mac.seal(2, message).signature());
    assertThat(
            admitted(knock(mac, REPLICA_2, mac.sealer(2).payload(new Prepare(0, 1, D, 2))))
                .envelope())
        .isNull();
  }

  @Test
  void whereASignatureIsRequiredNoneIsNotEnough() {
    byte[] content = mac.codec().encode(new Checkpoint(4, D, 2));
    byte[] payload = mac.codec().payload(Envelope.unsigned(content));
    assertThat(refusal(knock(mac, REPLICA_2, payload))).isEqualTo(Reason.BAD_AUTH);
    byte[] prepare = mac.sealer(2).payload(new Prepare(0, 1, D, 2));
    assertThat(refusal(knock(signing, REPLICA_2, prepare))).isEqualTo(Reason.BAD_AUTH);
  }

  @Test
  @DisplayName("Where none is expected, one is a second encoding of the same message")
  void aSignatureThatNobodyExpectsIsRefused() {
    byte[] payload = signing.sealer(2).payload(new Prepare(0, 1, D, 2));
    assertThat(refusal(knock(mac, REPLICA_2, payload))).isEqualTo(Reason.NON_CANONICAL);
  }

  @Test
  void anothersSignatureIsRefused() {
    byte[] payload = signing.sealer(3).payload(new Prepare(0, 1, D, 2));
    assertThat(refusal(knock(signing, REPLICA_2, payload))).isEqualTo(Reason.BAD_AUTH);
  }

  @Test
  @DisplayName(
      "Type confusion: the signature of a PREPARE is none of the COMMIT with the same fields")
  void aSignatureCoversTheType() {
    Envelope prepare = signing.seal(2, new Prepare(0, 1, D, 2));
    byte[] commit = signing.codec().encode(new Commit(0, 1, D, 2));
    byte[] payload = signing.codec().payload(new Envelope(commit, prepare.signature()));
    assertThat(refusal(knock(signing, REPLICA_2, payload))).isEqualTo(Reason.BAD_AUTH);
  }

  @Test
  @DisplayName("Nothing said in one cluster or epoch is believed in another")
  void aSignatureCoversClusterAndEpoch() {
    ClusterScope otherCluster = new ClusterScope(D, Peers.SCOPE.epoch());
    ClusterScope otherEpoch = new ClusterScope(Peers.SCOPE.clusterId(), 2);
    for (ClusterScope scope : List.of(otherCluster, otherEpoch)) {
      Sealer pen = mac.sealer(2, AuthenticationMode.MAC, scope);
      byte[] payload = pen.payload(new Checkpoint(4, D, 2));
      assertThat(refusal(knock(mac, REPLICA_2, payload))).isEqualTo(Reason.BAD_AUTH);
    }
  }

  @Test
  void everyBitOfASignedMessageCounts() {
    byte[] payload = signing.sealer(2).payload(new Commit(0, 1, D, 2));
    for (int i = 0; i < payload.length; i++) {
      byte[] changed = payload.clone();
      changed[i] ^= 1;
      assertThat(knock(signing, REPLICA_2, changed)).isInstanceOf(Admission.Refused.class);
    }
  }

  @Test
  @DisplayName("One replica under two ids (BFT-SMaRt's client): the second has no key")
  void anAuthorThatIsNotConfiguredIsRefused() {
    byte[] payload = signing.sealer(2).payload(new Prepare(0, 1, D, 9));
    assertThat(refusal(knock(signing, Principal.replica(9), payload)))
        .isEqualTo(Reason.UNKNOWN_REPLICA);
  }

  @Test
  void aReplyAtAClientCountsForTheLinkItCameOver() {
    Gatekeeper client = mac.gatekeeper(CLIENT_0, new RequestKeyring());
    byte[] payload = mac.sealer(2).payload(new Reply(0, 0, 1, 1, D, null, 3));
    assertThat(refusal(client.admit(REPLICA_2, payload))).isEqualTo(Reason.WRONG_SENDER);
  }

  // Bytes

  @Test
  void whatIsNoMessageIsRefusedWithItsReason() {
    assertThat(refusal(knock(mac, REPLICA_2, new byte[0]))).isEqualTo(Reason.MALFORMED);
    assertThat(refusal(knock(mac, REPLICA_2, new byte[] {5, 1, 2}))).isEqualTo(Reason.MALFORMED);
    assertThat(refusal(knock(mac, REPLICA_2, new byte[] {0}))).isEqualTo(Reason.MALFORMED);
    assertThat(refusal(knock(mac, REPLICA_2, new byte[] {0, 99, 0, 0, 0, 0})))
        .isEqualTo(Reason.UNKNOWN_TYPE);
  }

  @Test
  void aRefusalSaysTheTypeAsFarAsItIsKnown() {
    assertThat(knock(mac, REPLICA_2, new byte[] {0, 3, 0}))
        .isEqualTo(new Admission.Refused(Reason.MALFORMED, MessageType.PREPARE));
    assertThat(knock(mac, REPLICA_2, new byte[] {0}))
        .isEqualTo(new Admission.Refused(Reason.MALFORMED, null));
  }

  // Relays

  private Verified<?> relayed(Envelope... parts) {
    Relay relay = new Relay(List.of(parts), 2);
    return admitted(knock(mac, REPLICA_2, mac.sealer(2).payload(relay)));
  }

  @Test
  void thePartsOfARelayAreLetInAsTheirAuthorsUpToTheFirstThatIsNotGood() {
    Envelope good = mac.seal(3, new Checkpoint(4, D, 3));
    Envelope stolen = new Envelope(mac.codec().encode(new Checkpoint(8, D, 3)), good.signature());
    Envelope vote = signing.seal(3, new Prepare(0, 1, D, 3));
    Envelope unknown = mac.seal(3, new NewView(1, List.of(), 0, D, List.of(), 9));
    Envelope junk = new Envelope(new byte[] {99}, new byte[64]);
    Map<Envelope, Reason> faults =
        Map.of(
            stolen, Reason.BAD_AUTH,
            vote, Reason.UNEXPECTED_TYPE,
            unknown, Reason.UNKNOWN_REPLICA,
            junk, Reason.UNKNOWN_TYPE);
    faults.forEach(
        (part, fault) -> {
          Verified<?> in = relayed(good, part, good);
          assertThat(in.faultOfParts()).isEqualTo(fault);
          assertThat(in.parts())
              .singleElement()
              .satisfies(it -> assertThat(it.sender()).isEqualTo(Principal.replica(3)))
              .satisfies(it -> assertThat(it.message()).isEqualTo(new Checkpoint(4, D, 3)));
        });
    assertThat(relayed(good, good).faultOfParts()).isNull();
  }

  @Test
  @DisplayName("A relay full of forgeries costs one check, not one for each")
  void aRelayIsReadUpToItsFirstForgery() {
    Envelope good = mac.seal(3, new Checkpoint(4, D, 3));
    Envelope[] forged = new Envelope[1000];
    for (int i = 0; i < forged.length; i++) {
      byte[] content = mac.codec().encode(new Checkpoint(8 + i, D, 3));
      forged[i] = new Envelope(content, good.signature());
    }
    byte[] payload = mac.sealer(2).payload(new Relay(List.of(forged), 2));
    int[] asked = {0};
    Gatekeeper door =
        new Gatekeeper(
            Principal.replica(0),
            mac.codec(),
            Peers.SCOPE,
            AuthenticationMode.MAC,
            false,
            new KeyDirectory() {
              @Override
              public VerifyingKey replica(int id) {
                asked[0]++;
                return mac.replica(id);
              }

              @Override
              public VerifyingKey client(int id) {
                return mac.client(id);
              }
            },
            new RequestKeyring());
    assertThat(admitted(door.admit(REPLICA_2, payload)).parts()).isEmpty();
    assertThat(asked[0]).isEqualTo(1);
  }

  @Test
  @DisplayName("A relay in a relay is not opened: no depth to exhaust")
  void relaysDoNotNest() {
    Envelope inner = signing.seal(3, new Relay(List.of(), 3));
    Verified<?> in =
        admitted(knock(mac, REPLICA_2, mac.sealer(2).payload(new Relay(List.of(inner), 2))));
    assertThat(in.parts()).isEmpty();
    assertThat(in.faultOfParts()).isEqualTo(Reason.UNEXPECTED_TYPE);
  }

  @ParameterizedTest
  @EnumSource(AuthenticationMode.class)
  void aProposalOfSignedRequestsIsFullyVerified(AuthenticationMode mode) {
    Peers peers = new Peers(Scene.config(4), mode);
    Batch batch = new Batch(1, List.of(peers.signed(request(0, 1, 1, "a"))));
    PrePrepare message = new PrePrepare(2, 1, batch.digest(), batch, 2);
    Verified<?> in = admitted(knock(peers, REPLICA_2, peers.sealer(2).payload(message)));
    assertThat(in.isFullyVerifiable()).isTrue();
    assertThat(in.envelope() != null).isEqualTo(mode == AuthenticationMode.SIGNATURE);
  }

  static ProtocolConfig signedClients() {
    return Scene.config(4).toBuilder().clientSignatures(true).build();
  }
}
