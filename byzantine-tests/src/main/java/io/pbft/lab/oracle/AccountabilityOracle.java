package io.pbft.lab.oracle;

import io.pbft.core.message.Envelope;
import io.pbft.core.message.Message;
import io.pbft.core.message.ReplicaMessage;
import io.pbft.core.validation.Verified;
import io.pbft.crypto.Digest;
import io.pbft.lab.sim.RunListener;
import io.pbft.lab.sim.Simulation;
import io.pbft.lab.sim.Violation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Pools the signed messages that correct replicas have received, whose signatures they have
 * verified, and names those who signed a contradiction. With signatures on everything ({@code
 * SIGNATURE} mode) that covers votes; else only checkpoints and view-changes. To accuse a correct
 * replica would be a violation itself.
 */
public final class AccountabilityOracle implements RunListener {
  private record Signed(Digest says, Envelope envelope) {}

  private final Simulation world;
  private final Map<Statement.Subject, Signed> signed = new HashMap<>();
  private final TreeMap<Integer, Accusation> accusations = new TreeMap<>();

  public AccountabilityOracle(Simulation world) {
    this.world = world;
  }

  /** The first proof against each accused, by id. */
  public List<Accusation> accusations() {
    return new ArrayList<>(accusations.values());
  }

  @Override
  public void onAdmitted(long atMicros, int replica, Verified<? extends Message> message) {
    if (world.isTraitor(replica)) {
      return;
    }
    note(message);
    message.parts().forEach(this::note);
  }

  private void note(Verified<? extends Message> verified) {
    Envelope envelope = verified.envelope();
    if (envelope == null || !(verified.message() instanceof ReplicaMessage message)) {
      return;
    }
    Statement statement = Statement.of(message);
    if (statement == null) {
      return;
    }
    Signed now = new Signed(statement.says(), envelope);
    Signed before = signed.putIfAbsent(statement.subject(), now);
    if (before != null && !before.says().equals(now.says())) {
      accuse(
          new Accusation(
              message.replica(), statement.subject().toString(), before.envelope(), envelope));
    }
  }

  private void accuse(Accusation accusation) {
    int accused = accusation.replica();
    if (accusations.putIfAbsent(accused, accusation) == null && !world.isTraitor(accused)) {
      world.report(Violation.Kind.CERTIFICATE, List.of(accused), accusation.toString());
    }
  }
}
