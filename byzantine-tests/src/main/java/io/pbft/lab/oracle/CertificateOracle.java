package io.pbft.lab.oracle;

import io.pbft.core.message.Checkpoint;
import io.pbft.core.message.Message;
import io.pbft.crypto.Digest;
import io.pbft.crypto.Principal;
import io.pbft.lab.sim.RunListener;
import io.pbft.lab.sim.Simulation;
import io.pbft.lab.sim.Violation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Certificates and checkpoints of correct replicas: none ever says two things of one subject, also
 * across restarts, and all that reach a checkpoint reach it in the same state. Only what leaves a
 * replica counts: a vote that its death kept in its mouth was never cast.
 */
public final class CertificateOracle implements RunListener {
  private final Simulation world;
  private final Map<Statement.Subject, Digest> said = new HashMap<>();
  private final Map<Long, Checkpoint> checkpoints = new HashMap<>();

  public CertificateOracle(Simulation world) {
    this.world = world;
  }

  @Override
  public void onSend(long atMicros, Principal from, Principal to, Message message) {
    if (from.kind() != Principal.Kind.REPLICA || world.isTraitor(from.id())) {
      return;
    }
    Statement statement = Statement.of(message);
    if (statement == null || statement.subject().replica() != from.id()) {
      return;
    }
    Digest before = said.putIfAbsent(statement.subject(), statement.says());
    if (before != null && !before.equals(statement.says())) {
      world.report(
          Violation.Kind.CERTIFICATE,
          List.of(from.id()),
          "says " + statement.says() + " in " + statement.subject() + " after " + before);
    }
    if (message instanceof Checkpoint checkpoint) {
      compare(checkpoint);
    }
  }

  private void compare(Checkpoint mine) {
    Checkpoint first = checkpoints.putIfAbsent(mine.sequence(), mine);
    if (first != null && !first.digest().equals(mine.digest())) {
      world.report(
          Violation.Kind.STATE,
          List.of(mine.replica()),
          "has state "
              + mine.digest()
              + " at checkpoint "
              + mine.sequence()
              + " where replica "
              + first.replica()
              + " has "
              + first.digest());
    }
  }
}
