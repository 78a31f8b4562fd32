package io.pbft.lab.play;

import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Request;
import io.pbft.core.message.RequestAuthenticator;
import io.pbft.core.message.RequestMessage;
import io.pbft.core.validation.Sealer;
import io.pbft.crypto.MacKey;
import io.pbft.crypto.Principal;
import io.pbft.lab.scenario.Amount;
import io.pbft.lab.scenario.Phrase;
import io.pbft.lab.sim.Keys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/** Requests that a script makes, by a client with its own key or by somebody in its name. */
final class Requests {
  private static final Amount NEXT = Amount.relative(1);

  private final Stage stage;
  private final Principal self;
  private final Sealer sealer;
  private final SplittableRandom random;
  private long last;

  Requests(Stage stage, Principal self, Sealer sealer) {
    this.stage = stage;
    this.self = self;
    this.sealer = sealer;
    this.random = stage.random("requests " + self);
  }

  /** The requests that {@code request ...} describes. */
  List<RequestMessage> make(Phrase how) {
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < how.number("times", 1); i++) {
      requests.add(request(how));
    }
    String auth = how.word("auth", how.has("good-for") ? "mac" : "signature");
    List<AuthenticatedRequest> authenticated =
        auth.endsWith("tree")
            ? signedTogether(requests, auth.equals("tree"))
            : requests.stream().map(request -> authenticated(request, auth, how)).toList();
    return authenticated.stream().map(each -> new RequestMessage(each, false)).toList();
  }

  private Request request(Phrase how) {
    Amount timestamp = how.amount("timestamp") == null ? NEXT : how.amount("timestamp");
    last = Math.max(1, timestamp.of(last, random));
    byte[] operation = how.operation("operation").bytes();
    int bytes = (int) how.number("bytes", operation.length);
    if (bytes > operation.length) {
      int given = operation.length;
      operation = Arrays.copyOf(operation, bytes);
      Arrays.fill(operation, given, bytes, (byte) 'x');
    }
    boolean isClient = self.kind() == Principal.Kind.CLIENT;
    int client = (int) how.number("client", isClient ? self.id() : 0);
    long session = how.number("session", 1);
    Request request = new Request(client, session, last, 1, Request.Kind.WRITE, operation);
    if (isClient && client == self.id()) {
      stage.hand().vouch(request);
    }
    return request;
  }

  /** By one signature; else each under the place of the next, which is another's. */
  private List<AuthenticatedRequest> signedTogether(List<Request> requests, boolean right) {
    List<RequestAuthenticator.Signature> signatures = new ArrayList<>(sealer.sign(requests));
    if (!right) {
      Collections.rotate(signatures, 1);
    }
    List<AuthenticatedRequest> authenticated = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      authenticated.add(new AuthenticatedRequest(requests.get(i), signatures.get(i)));
    }
    return authenticated;
  }

  private AuthenticatedRequest authenticated(Request request, String auth, Phrase how) {
    return new AuthenticatedRequest(
        request,
        switch (auth) {
          case "signature" -> sealer.sign(request);
          case "bad-signature" -> new RequestAuthenticator.Signature(new byte[64]);
          case "bad-mac" -> macs(request, List.of());
          default -> macs(request, goodFor(how));
        });
  }

  private List<Integer> goodFor(Phrase how) {
    Stage.Self me = new Stage.Self(self, stage.chronicle().highestView(), null);
    return stage.replicas(how.actors("good-for", "everyone"), me);
  }

  private RequestAuthenticator.Macs macs(Request request, List<Integer> goodFor) {
    List<MacKey> keys = new ArrayList<>();
    for (int i = 0; i < stage.config().n(); i++) {
      keys.add(Keys.shared(request.client(), request.session(), i, 0));
    }
    RequestAuthenticator.Macs macs = sealer.authenticate(request, keys);
    for (int i = 0; i < keys.size(); i++) {
      if (!goodFor.contains(i)) {
        macs.tags()[i * RequestAuthenticator.Macs.TAG_LENGTH] ^= 1;
      }
    }
    return macs;
  }
}
