package io.pbft.lab.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Message;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.RequestAuthenticator.Signature;
import io.pbft.core.message.RequestMessage;
import io.pbft.crypto.Principal;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Clients that keep ten requests in flight, where requests must be signed. */
@DisplayName("Requests that share a signature are ordered, passed on and repeated one by one")
class SignedTogetherTest {
  private static final int CLIENTS = 2;
  private static final int IN_FLIGHT = 10;
  private static final int OPERATIONS = 400;

  private final Set<String> signatures = new HashSet<>();
  private final Set<String> requests = new HashSet<>();
  private boolean treesApart;
  private int done;

  private static ProtocolConfig config() {
    return Worlds.small(4).toBuilder().clientSignatures(true).build();
  }

  private void watch(Message message) {
    if (message instanceof RequestMessage m && m.body().authenticator() instanceof Signature s) {
      signatures.add(name(s));
      requests.add(m.request().toString());
    } else if (message instanceof PrePrepare m) {
      treesApart |= m.batch().requests().stream().anyMatch(r -> isWithoutItsNeighbour(r, m));
    }
  }

  private static String name(Signature signature) {
    return HexFormat.of().formatHex(signature.bytes());
  }

  private static boolean isWithoutItsNeighbour(AuthenticatedRequest request, PrePrepare proposal) {
    String mine = name((Signature) request.authenticator());
    return request.isSignedInTree()
        && proposal.batch().requests().stream()
            .noneMatch(r -> !r.equals(request) && name((Signature) r.authenticator()).equals(mine));
  }

  private void next(Simulation world, int client, int remaining) {
    if (remaining > 0) {
      byte[] operation = Worlds.bytes("r" + client + "=" + remaining);
      world
          .client(client)
          .invoke(
              operation,
              result -> {
                done++;
                next(world, client, remaining - 1);
              });
    }
  }

  @Test
  void theyAreAllAnsweredWithLossesAndWhenThePrimaryDies() {
    Simulation world =
        Simulation.builder()
            .config(config())
            .clients(CLIENTS)
            .seed(11)
            .network(network -> network.loss(0.02))
            .build();
    world.listener(
        new RunListener() {
          @Override
          public void onSend(long at, Principal from, Principal to, Message message) {
            watch(message);
          }
        });
    for (int client = 0; client < CLIENTS; client++) {
      for (int i = 0; i < IN_FLIGHT; i++) {
        next(world, client, OPERATIONS / CLIENTS / IN_FLIGHT);
      }
    }
    assertThat(world.runUntil(() -> done >= OPERATIONS / 2, 20_000)).isTrue();
    world.crash(0);
    assertThat(world.runUntil(() -> done == OPERATIONS, 30_000)).isTrue();

    Worlds.assertAllAgree(world, 0);
    assertThat(world.refusals()).isEmpty();
    assertThat(requests).hasSize(OPERATIONS);
    assertThat(signatures).as("one for several").hasSizeLessThan(OPERATIONS * 2 / 3);
    assertThat(treesApart).as("one alone, of several that were signed together").isTrue();
  }
}
