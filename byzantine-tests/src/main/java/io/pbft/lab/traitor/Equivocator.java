package io.pbft.lab.traitor;

import io.pbft.core.CoreStatus;
import io.pbft.core.Effect;
import io.pbft.core.Event;
import io.pbft.core.ReplicaCore;
import io.pbft.core.message.Batch;
import io.pbft.core.message.Commit;
import io.pbft.core.message.PrePrepare;
import java.util.ArrayList;
import java.util.List;

/**
 * As primary proposes two batches for one sequence number: the requests are authentic in both, the
 * proposed times differ, and so the digests. The backups with even and odd numbers get different
 * ones. It commits to neither, so that no quorum can.
 */
public final class Equivocator implements ReplicaCore {
  private final ReplicaCore honest;
  private final int id;
  private final int n;

  public Equivocator(ReplicaCore honest, int id, int n) {
    this.honest = honest;
    this.id = id;
    this.n = n;
  }

  @Override
  public List<Effect> step(Event event) {
    List<Effect> rewritten = new ArrayList<>();
    for (Effect effect : honest.step(event)) {
      if (effect instanceof Effect.Broadcast b && b.message() instanceof PrePrepare proposal) {
        sendBoth(proposal, rewritten);
      } else if (!(isCommit(effect) && honest.status().primary() == id)) {
        rewritten.add(effect);
      }
    }
    return rewritten;
  }

  private void sendBoth(PrePrepare one, List<Effect> out) {
    Batch batch = new Batch(one.batch().time() + 1, one.batch().requests());
    PrePrepare other = new PrePrepare(one.view(), one.sequence(), batch.digest(), batch, id);
    for (int to = 0; to < n; to++) {
      if (to != id) {
        out.add(new Effect.Send(to, to % 2 == 0 ? one : other));
      }
    }
  }

  private static boolean isCommit(Effect effect) {
    return effect instanceof Effect.Broadcast b && b.message() instanceof Commit;
  }

  @Override
  public CoreStatus status() {
    return honest.status();
  }
}
