package io.pbft.client;

import static io.pbft.client.TestCluster.CLIENT;
import static io.pbft.client.TestCluster.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.client.core.ClientConfig;
import io.pbft.core.ProtocolConfig;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Request;
import io.pbft.core.message.RequestAuthenticator.Signature;
import io.pbft.core.message.RequestMessage;
import io.pbft.core.message.Result;
import io.pbft.core.validation.AuthenticationMode;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How many signatures a client makes. Every replica's real door judges what they are worth. */
@DisplayName("What a client sends in one turn it signs together, and nothing waits for that")
final class SigningTogetherTest {
  private final ManualScheduler scheduler = new ManualScheduler();
  private final List<FakeLinks> sessions = new ArrayList<>();

  private PbftClient start(boolean signed) {
    ProtocolConfig config = config(signed);
    TestCluster cluster = new TestCluster(config, AuthenticationMode.MAC);
    PbftClient client =
        PbftClient.builder(
                ClientConfig.of(CLIENT, 1, config),
                cluster.clientSealer,
                cluster.clientDoor,
                (session, listener) -> {
                  sessions.add(new FakeLinks(cluster, session, listener));
                  return links();
                },
                () -> 1_000)
            .executor(scheduler)
            .clock(scheduler::millis)
            .start();
    scheduler.run();
    links().connectAll();
    scheduler.run();
    return client;
  }

  private static ProtocolConfig config(boolean signed) {
    return ProtocolConfig.of(4).toBuilder().clientSignatures(signed).build();
  }

  private FakeLinks links() {
    return sessions.get(sessions.size() - 1);
  }

  private static void ask(PbftClient client, int operations) {
    for (int i = 0; i < operations; i++) {
      CompletableFuture<byte[]> unused = client.invoke(bytes("op" + i));
    }
  }

  private List<Signature> signaturesAt(int replica) {
    return links().received.get(replica).stream()
        .map(message -> ((RequestMessage) message).body())
        .filter(AuthenticatedRequest::isSigned)
        .map(request -> (Signature) request.authenticator())
        .toList();
  }

  private static List<String> distinct(List<Signature> signatures) {
    return signatures.stream().map(s -> HexFormat.of().formatHex(s.bytes())).distinct().toList();
  }

  @Test
  void requestsOfOneTurnShareASignatureAndGoInTheirOrder() {
    PbftClient client = start(true);
    ask(client, 64 + 100);
    scheduler.run();
    assertThat(distinct(signaturesAt(0))).hasSize(1);
    for (Request each : List.copyOf(links().requestsAt(0))) {
      links().answer(each, new Result(Result.Outcome.OK, new byte[0]));
    }
    scheduler.run();
    assertThat(links().refused).isEmpty();
    assertThat(links().requestsAt(0)).extracting(Request::timestamp).isSorted().hasSize(64 + 100);
    assertThat(distinct(signaturesAt(0))).as("one for 64, one for the rest").hasSize(1 + 2);
  }

  @Test
  void aLoneRequestIsSignedAtOnceAndByItself() {
    PbftClient client = start(true);
    for (int i = 0; i < 3; i++) {
      ask(client, 1);
      scheduler.run();
    }
    assertThat(signaturesAt(0)).extracting(Signature::depth).containsExactly(0, 0, 0);
    assertThat(distinct(signaturesAt(0))).hasSize(3);
  }

  @Test
  void whatIsSentAgainIsSignedTogether() {
    PbftClient client = start(false);
    ask(client, 5);
    scheduler.pass(200);
    assertThat(signaturesAt(3)).as("at first only what all others wait for").hasSize(1);
    scheduler.pass(400);
    List<Signature> again = signaturesAt(3).subList(1, 6);
    assertThat(again).extracting(Signature::index).containsExactly(0, 1, 2, 3, 4);
    assertThat(distinct(again)).hasSize(1);
    assertThat(links().refused).isEmpty();
  }

  @Test
  void aSessionThatEndsTakesWithItWhatItsTurnHasNotSent() {
    PbftClient client = start(true);
    FakeLinks old = links();
    ask(client, 1);
    scheduler.run();
    ask(client, 1);
    old.answer(old.requestsAt(0).get(0), new Result(Result.Outcome.SESSION_EXPIRED, new byte[0]));
    scheduler.run();
    assertThat(links()).isNotSameAs(old);
    links().connectAll();
    scheduler.run();
    assertThat(links().received).allSatisfy(messages -> assertThat(messages).isEmpty());
    assertThat(old.requestsAt(0)).as("the second was not sent").hasSize(1);
  }
}
