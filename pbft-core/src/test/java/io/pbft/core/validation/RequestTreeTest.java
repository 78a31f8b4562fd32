package io.pbft.core.validation;

import static io.pbft.core.scene.Scene.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Batch;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Request;
import io.pbft.core.message.RequestAuthenticator;
import io.pbft.core.message.RequestAuthenticator.Signature;
import io.pbft.core.message.RequestMessage;
import io.pbft.core.scene.Peers;
import io.pbft.core.scene.Scene;
import io.pbft.crypto.Digest;
import io.pbft.crypto.Hasher;
import io.pbft.crypto.Principal;
import io.pbft.crypto.SigningKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Client 0 signs its requests together, and replica 1 of 4 judges each by itself. */
@DisplayName("One signature for many requests vouches for each of them, and for nothing else")
class RequestTreeTest {
  private static final int MOST = Signature.MAX_REQUESTS;

  private final Peers peers = new Peers(Scene.config(4), AuthenticationMode.MAC);
  private final Gatekeeper door = peers.gatekeeper(Principal.replica(1), Peers.keyring(1));
  private final List<AuthenticatedRequest> five = peers.signedTogether(requests(5));

  private static List<Request> requests(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(i -> request(0, 1, i, "op" + i)).toList();
  }

  private static Signature signature(AuthenticatedRequest authenticated) {
    return (Signature) authenticated.authenticator();
  }

  private Reason refusal(AuthenticatedRequest authenticated) {
    byte[] payload = peers.sealer(0).payload(new RequestMessage(authenticated, false));
    Principal client = Principal.client(authenticated.request().client());
    return door.admit(client, payload) instanceof Admission.Refused refused
        ? refused.reason()
        : null;
  }

  private Reason refusal(Request request, RequestAuthenticator authenticator) {
    return refusal(new AuthenticatedRequest(request, authenticator));
  }

  /** What holds of one request's place does so of all, so each is tried. */
  private void allRefused(java.util.function.UnaryOperator<Signature> change) {
    for (AuthenticatedRequest each : five) {
      Signature changed = change.apply(signature(each));
      assertThat(refusal(each.request(), changed)).isEqualTo(Reason.BAD_CLIENT_AUTH);
    }
    assertThat(refusal(five.get(0))).as("nobody else's fault is held against it").isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 8, 33, 63, 64})
  void upToSixtyFourRequestsShareASignatureAndEachIsLetInAlone(int count) {
    List<AuthenticatedRequest> signed = peers.signedTogether(requests(count));
    for (AuthenticatedRequest each : signed) {
      assertThat(refusal(each)).isNull();
      assertThat(signature(each).bytes()).isEqualTo(signature(signed.get(0)).bytes());
      assertThat(1 << signature(each).depth()).isBetween(count, 2 * count - 1);
      Gatekeeper another = peers.gatekeeper(Principal.replica(3), Peers.keyring(3));
      byte[] passedOn = peers.sealer(2).payload(new RequestMessage(each, false));
      assertThat(another.admit(Principal.replica(2), passedOn))
          .isInstanceOf(Admission.Admitted.class);
    }
  }

  @Test
  void moreThanThatTakeAnotherSignature() {
    List<AuthenticatedRequest> signed = peers.signedTogether(requests(MOST + 2));
    assertThat(signed).allSatisfy(each -> assertThat(refusal(each)).isNull());
    assertThat(signature(signed.get(MOST - 1)).bytes())
        .isEqualTo(signature(signed.get(0)).bytes())
        .isNotEqualTo(signature(signed.get(MOST)).bytes());
    assertThat(signature(signed.get(MOST)).depth()).isEqualTo(1);
  }

  @Test
  @DisplayName("A lone request's signature is the one that it has without trees")
  void aLoneRequestHasNoTree() {
    Request lone = request(0, 1, 1, "op1");
    Signature together = signature(peers.signedTogether(List.of(lone)).get(0));
    assertThat(together.bytes()).isEqualTo(signature(peers.signed(lone)).bytes());
    assertThat(together.depth()).isZero();
  }

  @Test
  void aTreeIsOneClients() {
    List<Request> two = List.of(request(0, 1, 1, "a"), request(1, 1, 1, "a"));
    assertThatThrownBy(() -> peers.clientSealer(0).sign(two))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void thereIsNoPlaceOutsideTheTree() {
    byte[] bytes = new byte[64];
    assertThatThrownBy(() -> new Signature(bytes, 1, new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Signature(bytes, -1, new byte[32]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Signature(bytes, 0, new byte[33]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Signature(bytes, 0, new byte[7 * 32]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  // Every way in which a path can be wrong

  @Test
  void aChangedSiblingOnAnyLevelIsRefused() {
    for (int i = 0; i < 3 * Digest.LENGTH; i += 31) {
      int at = i;
      allRefused(
          s -> {
            byte[] path = s.path().clone();
            path[at] ^= 1;
            return new Signature(s.bytes(), s.index(), path);
          });
    }
  }

  @Test
  void anotherPlaceIsRefused() {
    for (int other = 1; other < 8; other++) {
      int flip = other;
      allRefused(s -> new Signature(s.bytes(), s.index() ^ flip, s.path()));
    }
  }

  @Test
  void aShorterOrLongerPathIsRefused() {
    allRefused(s -> new Signature(s.bytes(), s.index() & 3, Arrays.copyOf(s.path(), 2 * 32)));
    allRefused(s -> new Signature(s.bytes()));
    for (int depth = 4; depth <= Signature.MAX_DEPTH; depth++) {
      int bytes = depth * Digest.LENGTH;
      allRefused(s -> new Signature(s.bytes(), s.index(), Arrays.copyOf(s.path(), bytes)));
    }
  }

  @Test
  void anotherSignatureIsRefused() {
    Signature elsewhere = signature(peers.signedTogether(requests(4)).get(0));
    allRefused(s -> new Signature(elsewhere.bytes(), s.index(), s.path()));
    allRefused(s -> new Signature(new byte[64], s.index(), s.path()));
  }

  @Test
  void anotherRequestInTheSamePlaceIsRefused() {
    for (AuthenticatedRequest each : five) {
      Request other = request(0, 1, each.request().timestamp(), "another operation");
      assertThat(refusal(other, each.authenticator())).isEqualTo(Reason.BAD_CLIENT_AUTH);
    }
    assertThat(refusal(five.get(1).request(), five.get(0).authenticator()))
        .isEqualTo(Reason.BAD_CLIENT_AUTH);
  }

  // What was signed as one thing is not another

  @Test
  @DisplayName(
      "A signature of a request alone does not stand for a tree with that root, nor does a tree's")
  void theSignedBytesOfATreeAndOfARequestDiffer() {
    Request left = request(0, 1, 1, "a");
    Request right = request(0, 1, 2, "b");
    ClusterScope scope = Peers.SCOPE;
    Digest root = new RequestTree(List.of(left, right)).root();
    byte[] path = right.digest().toBytes();
    byte[] asRequest = clientKey(0).sign(scope.signedRequest(root));
    assertThat(refusal(left, new Signature(asRequest, 0, path))).isEqualTo(Reason.BAD_CLIENT_AUTH);
    byte[] asTree = clientKey(0).sign(scope.signedTree(0, 0, left.digest()));
    assertThat(refusal(left, new Signature(asTree))).isEqualTo(Reason.BAD_CLIENT_AUTH);
    byte[] right64 = clientKey(0).sign(scope.signedTree(0, 1, root));
    assertThat(refusal(left, new Signature(right64, 0, path))).as("made as it should be").isNull();
  }

  @Test
  void aTreeSignedAsDeeperOrShallowerIsRefused() {
    Request lone = request(0, 1, 1, "a");
    Digest sibling = Digest.of(new byte[] {1});
    Signature place = new Signature(new byte[64], 0, sibling.toBytes());
    Digest root = RequestTree.root(lone, place);
    for (int depth : new int[] {0, 2, 6, 255}) {
      byte[] bytes = clientKey(0).sign(Peers.SCOPE.signedTree(0, depth, root));
      assertThat(refusal(lone, new Signature(bytes, 0, place.path())))
          .isEqualTo(Reason.BAD_CLIENT_AUTH);
    }
  }

  @Test
  @DisplayName("Inner nodes are hashed in a domain of their own: none is any request's digest")
  void anInnerNodeIsNoRequest() {
    RequestTree tree = new RequestTree(requests(2));
    byte[] children = new byte[64];
    requests(2).get(0).digest().copyTo(children, 0);
    requests(2).get(1).digest().copyTo(children, 32);
    Digest root = tree.root();
    assertThat(root).isNotEqualTo(Digest.of(children));
    assertThat(root).isNotEqualTo(Hasher.domain("request").putBytes(children).digest());
    assertThat(root)
        .isNotEqualTo(
            request(0, 1, 1, new String(children, java.nio.charset.StandardCharsets.ISO_8859_1))
                .digest());
  }

  @Test
  void aLeafOfAnotherClientsTreeIsRefused() {
    Request mine = request(0, 1, 1, "a");
    Request other = request(1, 1, 1, "a");
    RequestTree tree = new RequestTree(List.of(mine, other));
    for (int signer = 0; signer < 2; signer++) {
      for (int named = 0; named < 2; named++) {
        byte[] bytes = clientKey(signer).sign(Peers.SCOPE.signedTree(named, 1, tree.root()));
        Reason first = refusal(mine, new Signature(bytes, 0, tree.path(0)));
        Reason second = refusal(other, new Signature(bytes, 1, tree.path(1)));
        boolean honest = signer == named;
        assertThat(first).isEqualTo(honest && signer == 0 ? null : Reason.BAD_CLIENT_AUTH);
        assertThat(second).isEqualTo(honest && signer == 1 ? null : Reason.BAD_CLIENT_AUTH);
      }
    }
  }

  @Test
  void aTreeOfAnotherClusterOrEpochIsRefused() {
    ClusterScope here = Peers.SCOPE;
    for (ClusterScope elsewhere :
        List.of(
            new ClusterScope(Digest.ZERO, here.epoch()),
            new ClusterScope(here.clusterId(), here.epoch() + 1))) {
      Sealer pen = new Sealer(peers.codec(), elsewhere, AuthenticationMode.MAC, clientKey(0));
      List<Signature> signatures = pen.sign(requests(3));
      for (int i = 0; i < 3; i++) {
        assertThat(refusal(requests(3).get(i), signatures.get(i)))
            .isEqualTo(Reason.BAD_CLIENT_AUTH);
      }
    }
  }

  @Test
  @DisplayName("Trees of different requests have different roots, also where leaves are missing")
  void noTwoListsOfRequestsHaveOneRoot() {
    Set<String> roots = new HashSet<>();
    int trees = 0;
    for (int count = 2; count <= MOST; count++) {
      List<Request> list = new ArrayList<>(requests(count));
      roots.add(new RequestTree(list).root().toHex());
      trees++;
      if (count < MOST) {
        // What a doubled last leaf would have made the same as the list before.
        list.add(list.get(count - 1));
        roots.add(new RequestTree(list).root().toHex());
        trees++;
      }
    }
    assertThat(roots).hasSize(trees);
  }

  // In proposals

  @Test
  void aProposalWithOneWrongPathIsRefusedAndWithNoneLetIn() {
    assertThat(proposed(five)).isInstanceOf(Admission.Admitted.class);
    List<AuthenticatedRequest> spoiled = new ArrayList<>(five);
    spoiled.set(3, new AuthenticatedRequest(five.get(3).request(), signature(five.get(2))));
    assertThat(proposed(spoiled))
        .isInstanceOfSatisfying(
            Admission.Refused.class, r -> assertThat(r.reason()).isEqualTo(Reason.BAD_CLIENT_AUTH));
  }

  private Admission proposed(List<AuthenticatedRequest> requests) {
    Batch batch = new Batch(1, requests);
    PrePrepare message = new PrePrepare(0, 1, batch.digest(), batch, 0);
    return door.admit(Principal.replica(0), peers.sealer(0).payload(message));
  }

  private static SigningKey clientKey(int client) {
    return SigningKey.fromSeed(Hasher.domain("test-client").putInt(client).digest().toBytes());
  }
}
