package io.pbft.lab.play;

import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Batch;
import io.pbft.core.message.Request;
import io.pbft.core.message.RequestAuthenticator;
import io.pbft.core.validation.Sealer;
import io.pbft.lab.scenario.Operation;
import io.pbft.lab.scenario.Phrase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/** Other batches than the honest one. What it signs for clients, it signs with a traitor's key. */
final class BatchForger {
  private final Gang gang;
  private final Sealer traitor;

  BatchForger(Gang gang, Sealer traitor) {
    this.gang = gang;
    this.traitor = traitor;
  }

  Batch forge(Batch honest, Phrase how, SplittableRandom random) {
    Batch batch = honest;
    if (how.forgedOperation() != null) {
      batch = new Batch(honest.time(), List.of(invented(honest, how.forgedOperation())));
    } else if (how.batchChange() != null) {
      batch = changed(honest, how.batchChange());
    }
    return how.has("time")
        ? new Batch(Math.max(0, how.amount("time").of(batch.time(), random)), batch.requests())
        : batch;
  }

  /** A request in a client's name that the client never made. */
  private AuthenticatedRequest invented(Batch honest, Operation operation) {
    int client = 0;
    long session = 1;
    long timestamp = 1;
    if (!honest.requests().isEmpty()) {
      Request real = honest.requests().get(0).request();
      client = real.client();
      session = real.session();
      timestamp = real.timestamp();
    }
    Request request =
        new Request(client, session, timestamp, 1, Request.Kind.WRITE, operation.bytes());
    return new AuthenticatedRequest(request, traitor.sign(request));
  }

  private Batch changed(Batch honest, String how) {
    List<AuthenticatedRequest> requests = new ArrayList<>(honest.requests());
    switch (how) {
      case "later" -> {
        return new Batch(honest.time() + 1, requests);
      }
      case "shuffled" -> Collections.reverse(requests);
      case "twice" -> requests.addAll(honest.requests());
      case "empty" -> requests.clear();
      case "null" -> {
        return Batch.NULL;
      }
      case "first" -> requests.subList(Math.min(1, requests.size()), requests.size()).clear();
      case "rewritten" -> requests.replaceAll(BatchForger::rewritten);
      case "stale" -> {
        Batch stale = gang.stale();
        return stale == null ? honest : new Batch(honest.time(), stale.requests());
      }
      case "latest" -> {
        return gang.latest() == null ? honest : gang.latest();
      }
      case "mixed-signatures" -> requests = mixed(requests);
      case "bad-macs" -> requests.replaceAll(BatchForger::withBadMacs);
      default -> throw new IllegalStateException("no batch " + how);
    }
    return new Batch(honest.time(), requests);
  }

  /** Another operation under the client's own authenticator. */
  private static AuthenticatedRequest rewritten(AuthenticatedRequest honest) {
    Request r = honest.request();
    byte[] operation = r.operation().clone();
    operation[operation.length - 1] ^= 1;
    return new AuthenticatedRequest(
        new Request(r.client(), r.session(), r.timestamp(), r.acknowledged(), r.kind(), operation),
        honest.authenticator());
  }

  /** Each request under the authenticator of the one before. */
  private static List<AuthenticatedRequest> mixed(List<AuthenticatedRequest> requests) {
    List<AuthenticatedRequest> mixed = new ArrayList<>();
    int before = requests.size() - 1;
    for (int i = 0; i < requests.size(); before = i++) {
      mixed.add(
          new AuthenticatedRequest(
              requests.get(i).request(), requests.get(before).authenticator()));
    }
    return mixed;
  }

  /** The same request, whose MACs no longer verify: its digest stays. */
  private static AuthenticatedRequest withBadMacs(AuthenticatedRequest honest) {
    if (!(honest.authenticator() instanceof RequestAuthenticator.Macs macs)) {
      return honest;
    }
    byte[] tags = macs.tags().clone();
    for (int i = 0; i < tags.length; i += RequestAuthenticator.Macs.TAG_LENGTH) {
      tags[i] ^= 1;
    }
    return new AuthenticatedRequest(
        honest.request(), new RequestAuthenticator.Macs(macs.keyIds(), tags));
  }
}
