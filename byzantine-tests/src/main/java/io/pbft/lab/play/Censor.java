package io.pbft.lab.play;

import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Batch;
import io.pbft.core.message.Message;
import io.pbft.core.message.PrePrepare;
import io.pbft.lab.scenario.Phrase;
import java.util.ArrayList;
import java.util.List;

/** Leaves somebody's requests out. */
final class Censor {
  private Censor() {}

  static Message without(Message message, Phrase what) {
    if (!(message instanceof PrePrepare m)) {
      return message;
    }
    List<AuthenticatedRequest> kept = new ArrayList<>(m.batch().requests());
    kept.removeIf(r -> what.has("client") && r.request().client() == what.number("client", 0));
    kept.removeIf(r -> what.has("key") && Fields.touches(r, what.word("key")));
    Batch batch = new Batch(m.batch().time(), kept);
    return new PrePrepare(m.view(), m.sequence(), batch.digest(), batch, m.replica());
  }
}
