package io.pbft.core.validation;

import static io.pbft.core.scene.Scene.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Batch;
import io.pbft.core.message.BatchBody;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Request;
import io.pbft.core.message.RequestAuthenticator;
import io.pbft.core.message.RequestMessage;
import io.pbft.core.scene.Peers;
import io.pbft.core.scene.Scene;
import io.pbft.crypto.Principal;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Replica 1 of 4, and client 0 in its session 1. */
@DisplayName("Who may believe whose request (PROTOCOL: Requests)")
class RequestAuthenticationTest {
  private final Peers peers = new Peers(Scene.config(4), AuthenticationMode.MAC);
  private final RequestKeyring keyring = Peers.keyring(1);
  private final Gatekeeper door = peers.gatekeeper(Principal.replica(1), keyring);
  private final Request request = request(0, 1, 1, "a");

  private Reason direct(AuthenticatedRequest authenticated) {
    return refusal(door, Principal.client(authenticated.request().client()), authenticated);
  }

  private Reason refusal(Gatekeeper at, Principal from, AuthenticatedRequest authenticated) {
    byte[] payload = peers.sealer(0).payload(new RequestMessage(authenticated, false));
    return at.admit(from, payload) instanceof Admission.Refused refused ? refused.reason() : null;
  }

  private Admission proposed(Gatekeeper at, AuthenticatedRequest... requests) {
    Batch batch = new Batch(1, List.of(requests));
    PrePrepare message = new PrePrepare(0, 1, batch.digest(), batch, 0);
    return at.admit(Principal.replica(0), peers.sealer(0).payload(message));
  }

  private AuthenticatedRequest forged() {
    RequestAuthenticator others = peers.signed(request(0, 1, 1, "b")).authenticator();
    return new AuthenticatedRequest(request, others);
  }

  @Test
  void aSignedRequestConvincesWhoeverPassesItOn() {
    assertThat(direct(peers.signed(request))).isNull();
    assertThat(refusal(door, Principal.replica(3), peers.signed(request))).isNull();
  }

  @Test
  void anotherRequestsSignatureIsRefused() {
    assertThat(direct(forged())).isEqualTo(Reason.BAD_CLIENT_AUTH);
  }

  @Test
  @DisplayName("A forged frame with an invented client id is not executed (BFT-SMaRt)")
  void anUnknownClientIsRefused() {
    RequestAuthenticator own = peers.signed(request).authenticator();
    AuthenticatedRequest invented = new AuthenticatedRequest(request(99, 1, 1, "a"), own);
    assertThat(direct(invented)).isEqualTo(Reason.UNKNOWN_CLIENT);
    assertThat(refusal(door, Principal.replica(0), invented)).isEqualTo(Reason.UNKNOWN_CLIENT);
  }

  @Test
  void aMacVectorConvincesTheReplicasItIsRightFor() {
    assertThat(direct(peers.maced(request, 0, 1, 2, 3))).isNull();
    assertThat(direct(peers.maced(request, 1))).isNull();
    assertThat(direct(peers.maced(request, 0, 2, 3))).isEqualTo(Reason.BAD_CLIENT_AUTH);
  }

  @Test
  @DisplayName("An entry convinces only its own replica: moved to another's place it is worthless")
  void anEntryCoversItsReceiver() {
    RequestAuthenticator.Macs macs =
        (RequestAuthenticator.Macs) peers.maced(request, 0, 1, 2, 3).authenticator();
    System.arraycopy(macs.tags(), 0, macs.tags(), 16, 16);
    macs.keyIds()[1] = macs.keyIds()[0];
    assertThat(direct(new AuthenticatedRequest(request, macs))).isEqualTo(Reason.STALE_KEY);
    keyring.put(0, 1, Peers.shared(0, 1, 0));
    assertThat(direct(new AuthenticatedRequest(request, macs))).isEqualTo(Reason.BAD_CLIENT_AUTH);
  }

  @Test
  void aVectorTooShortForThisReplicaIsRefused() {
    RequestAuthenticator.Macs none = new RequestAuthenticator.Macs(new int[0], new byte[0]);
    assertThat(direct(new AuthenticatedRequest(request, none))).isEqualTo(Reason.BAD_CLIENT_AUTH);
  }

  @Test
  @DisplayName(
      "The newest two keys of a session count: requests may be on their way while it reconnects")
  void theKeyBeforeTheLastIsStale() {
    AuthenticatedRequest old = peers.maced(request, 0, 1, 2, 3);
    keyring.put(0, 1, Peers.shared(0, 1, 1, 2));
    assertThat(direct(old)).isNull();
    keyring.put(0, 1, Peers.shared(0, 1, 1, 3));
    assertThat(direct(old)).isEqualTo(Reason.STALE_KEY);
  }

  @Test
  void aSessionThatNeverConnectedHasNoKey() {
    assertThat(direct(peers.maced(request(0, 77, 1, "a"), 1))).isEqualTo(Reason.STALE_KEY);
  }

  @Test
  @DisplayName("Another session's or client's key is not this one's")
  void keysBelongToOneSession() {
    AuthenticatedRequest other = peers.maced(request(0, 2, 1, "a"), 0, 1, 2, 3);
    AuthenticatedRequest moved = new AuthenticatedRequest(request, other.authenticator());
    assertThat(direct(moved)).isEqualTo(Reason.STALE_KEY);
  }

  // In proposals

  @Test
  @DisplayName("MACs that are wrong here are marked, and left to f+1 others to vouch for")
  void aProposalMarksWhatCannotBeCheckedHere() {
    Admission admission =
        proposed(
            door,
            peers.signed(request(1, 1, 1, "a")),
            peers.maced(request, 0, 2),
            peers.maced(request(2, 77, 1, "a"), 1));
    Verified<?> in = ((Admission.Admitted) admission).message();
    assertThat(in.isFullyVerifiable()).isFalse();
    assertThat(in.unverifiable().stream().toArray()).containsExactly(1, 2);
  }

  @Test
  @DisplayName("What everybody can check and is wrong spoils the proposal for everybody alike")
  void aProposalWithAForgedSignatureIsRefused() {
    assertThat(proposed(door, peers.signed(request), forged()))
        .isInstanceOfSatisfying(
            Admission.Refused.class, r -> assertThat(r.reason()).isEqualTo(Reason.BAD_CLIENT_AUTH));
  }

  @Test
  void aProposalForAnUnknownClientIsRefused() {
    RequestAuthenticator own = peers.signed(request).authenticator();
    assertThat(proposed(door, new AuthenticatedRequest(request(99, 1, 1, "a"), own)))
        .isInstanceOfSatisfying(
            Admission.Refused.class, r -> assertThat(r.reason()).isEqualTo(Reason.UNKNOWN_CLIENT));
  }

  @Test
  void whereRequestsMustBeSignedMacsAreRefused() {
    ProtocolConfig config = GatekeeperTest.signedClients();
    Peers strict = new Peers(config, AuthenticationMode.MAC);
    Gatekeeper strictDoor = strict.gatekeeper(Principal.replica(1), keyring);
    AuthenticatedRequest maced = strict.maced(request, 0, 1, 2, 3);
    assertThat(refusal(strictDoor, Principal.client(0), maced)).isEqualTo(Reason.BAD_CLIENT_AUTH);
    assertThat(proposed(strictDoor, maced)).isInstanceOf(Admission.Refused.class);
    assertThat(refusal(strictDoor, Principal.client(0), strict.signed(request))).isNull();
  }

  @Test
  @DisplayName("A client signs cluster and epoch, too")
  void aRequestOfAnotherClusterIsRefused() {
    ClusterScope elsewhere = new ClusterScope(request.digest(), 1);
    Sealer pen =
        new Sealer(
            peers.codec(),
            elsewhere,
            AuthenticationMode.MAC,
            io.pbft.crypto.SigningKey.fromSeed(
                io.pbft.crypto.Hasher.domain("test-client").putInt(0).digest().toBytes()));
    assertThat(direct(new AuthenticatedRequest(request, pen.sign(request))))
        .isEqualTo(Reason.BAD_CLIENT_AUTH);
  }

  @Test
  @DisplayName(
      "A fetched body hashes to its digest whatever signatures come with it: those are checked, too")
  void aBodyWithAForgedSignatureIsRefused() {
    assertThat(body(peers.signed(request), peers.maced(request(1, 1, 1, "a"), 0)))
        .isInstanceOf(Admission.Admitted.class);
    assertThat(body(peers.signed(request), forged()))
        .isInstanceOfSatisfying(
            Admission.Refused.class, r -> assertThat(r.reason()).isEqualTo(Reason.BAD_CLIENT_AUTH));
  }

  private Admission body(AuthenticatedRequest... requests) {
    BatchBody message = new BatchBody(1, new Batch(1, List.of(requests)), 0);
    return door.admit(Principal.replica(0), peers.sealer(0).payload(message));
  }
}
