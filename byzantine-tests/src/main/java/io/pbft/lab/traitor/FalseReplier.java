package io.pbft.lab.traitor;

import io.pbft.core.CoreStatus;
import io.pbft.core.Effect;
import io.pbft.core.Event;
import io.pbft.core.ReplicaCore;
import io.pbft.core.message.Reply;
import io.pbft.core.message.Result;
import java.util.ArrayList;
import java.util.List;

/** Orders honestly, and answers every client with a result that it made up, consistently. */
public final class FalseReplier implements ReplicaCore {
  private static final Result LIE = new Result(Result.Outcome.OK, new byte[] {1});

  private final ReplicaCore honest;

  public FalseReplier(ReplicaCore honest) {
    this.honest = honest;
  }

  @Override
  public List<Effect> step(Event event) {
    List<Effect> rewritten = new ArrayList<>();
    for (Effect effect : honest.step(event)) {
      if (effect instanceof Effect.Answer a && a.message() instanceof Reply truth) {
        rewritten.add(new Effect.Answer(a.client(), a.session(), lie(truth)));
      } else {
        rewritten.add(effect);
      }
    }
    return rewritten;
  }

  private static Reply lie(Reply truth) {
    return new Reply(
        truth.view(),
        truth.client(),
        truth.session(),
        truth.timestamp(),
        LIE.digest(),
        truth.result() == null ? null : LIE,
        truth.tentative(),
        truth.replica());
  }

  @Override
  public CoreStatus status() {
    return honest.status();
  }
}
