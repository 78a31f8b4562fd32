package io.pbft.lab.traitor;

import io.pbft.core.CoreStatus;
import io.pbft.core.Effect;
import io.pbft.core.Event;
import io.pbft.core.ReplicaCore;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Batch;
import io.pbft.core.message.Checkpoint;
import io.pbft.core.message.Commit;
import io.pbft.core.message.Committed;
import io.pbft.core.message.Message;
import io.pbft.core.message.NewView;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.Prepare;
import io.pbft.core.message.Status;
import io.pbft.core.message.ViewChange;
import io.pbft.crypto.Digest;
import io.pbft.lab.sim.Choices;
import java.util.ArrayList;
import java.util.List;

/**
 * Walks at random (catalogue X10): to each receiver of each message it may tell the truth, nothing,
 * or a small lie: a neighbouring view or sequence number, another digest, a shuffled batch, an
 * invented or hidden certificate.
 */
public final class MutationWalker implements ReplicaCore {
  private final ReplicaCore honest;
  private final Choices choices;
  private final int id;
  private final int n;
  private final double rate;
  private Digest lastSeen = Digest.ZERO;

  /** As the other, with lies of its own that no list of choices records. */
  public MutationWalker(ReplicaCore honest, int id, int n, long seed, double rate) {
    this(honest, id, n, Choices.seeded(seed), rate);
  }

  /**
   * @param choices the run's, so that the lies are replayed and shrunk like everything else
   * @param rate probability of a lie or an omission, for each message and receiver
   */
  public MutationWalker(ReplicaCore honest, int id, int n, Choices choices, double rate) {
    this.honest = honest;
    this.id = id;
    this.n = n;
    this.choices = choices;
    this.rate = rate;
  }

  @Override
  public List<Effect> step(Event event) {
    List<Effect> rewritten = new ArrayList<>();
    for (Effect effect : honest.step(event)) {
      if (effect instanceof Effect.Broadcast b) {
        for (int to = 0; to < n; to++) {
          if (to != id) {
            tell(to, b.message(), rewritten);
          }
        }
      } else if (effect instanceof Effect.Send s) {
        tell(s.to(), s.message(), rewritten);
      } else {
        rewritten.add(effect);
      }
    }
    return rewritten;
  }

  @Override
  public CoreStatus status() {
    return honest.status();
  }

  private void tell(int to, Message message, List<Effect> out) {
    if (!choices.chance(rate)) {
      out.add(new Effect.Send(to, message));
    } else if (choices.below(3) > 0) {
      out.add(new Effect.Send(to, lie(message)));
    }
  }

  private Message lie(Message message) {
    if (message instanceof PrePrepare m) {
      return prePrepare(m);
    } else if (message instanceof Prepare m) {
      return new Prepare(near(m.view()), near(m.sequence()), digest(m.digest()), id);
    } else if (message instanceof Commit m) {
      return new Commit(near(m.view()), near(m.sequence()), digest(m.digest()), id);
    } else if (message instanceof Checkpoint m) {
      return new Checkpoint(m.sequence(), digest(m.digest()), id);
    } else if (message instanceof Status m) {
      return new Status(
          near(m.view()),
          m.active(),
          near(m.stable()),
          near(m.executed()),
          m.nonce(),
          m.complaint(),
          id);
    } else if (message instanceof Committed m) {
      List<Digest> digests = new ArrayList<>(m.digests());
      digests.set(choices.below(digests.size()), digest(lastSeen));
      return new Committed(near(m.first()), digests, id);
    } else if (message instanceof ViewChange m) {
      return viewChange(m);
    } else if (message instanceof NewView m) {
      return newView(m);
    }
    return message;
  }

  private PrePrepare prePrepare(PrePrepare m) {
    lastSeen = m.digest();
    List<AuthenticatedRequest> requests = new ArrayList<>(m.batch().requests());
    if (requests.size() > 1) {
      requests.add(requests.remove(0));
    }
    Batch other = new Batch(m.batch().time() + 1, requests);
    return new PrePrepare(near(m.view()), near(m.sequence()), other.digest(), other, id);
  }

  private ViewChange viewChange(ViewChange m) {
    List<ViewChange.Entry> prepared = new ArrayList<>(m.prepared());
    List<ViewChange.Entry> prePrepared = new ArrayList<>(m.prePrepared());
    switch (choices.below(4)) {
      case 0 -> prepared.clear();
      case 1 -> prePrepared.clear();
      case 2 -> {
        if (!prepared.isEmpty()) {
          int at = choices.below(prepared.size());
          ViewChange.Entry e = prepared.get(at);
          prepared.set(at, new ViewChange.Entry(e.sequence(), digest(e.digest()), m.view() - 1));
        }
      }
      default -> {
        long next = prepared.isEmpty() ? m.stable() + 1 : lastOf(prepared).sequence() + 1;
        prepared.add(new ViewChange.Entry(next, digest(lastSeen), m.view() - 1));
      }
    }
    return new ViewChange(m.view(), m.stable(), m.checkpoints(), prepared, prePrepared, id);
  }

  private NewView newView(NewView m) {
    List<Digest> chosen = new ArrayList<>(m.choices());
    if (chosen.isEmpty() || choices.chance(0.5)) {
      chosen.add(lastSeen);
    } else if (choices.chance(0.5)) {
      chosen.remove(chosen.size() - 1);
    } else {
      chosen.set(choices.below(chosen.size()), Batch.NULL.digest());
    }
    return new NewView(m.view(), m.support(), m.start(), m.startDigest(), chosen, id);
  }

  private static <T> T lastOf(List<T> list) {
    return list.get(list.size() - 1);
  }

  private long near(long value) {
    return choices.below(3) < 2 ? value : Math.max(1, value - 1 + choices.below(3));
  }

  private Digest digest(Digest honestly) {
    return switch (choices.below(3)) {
      case 0 -> honestly;
      case 1 -> lastSeen;
      default -> Digest.of(new byte[] {(byte) choices.below(4)});
    };
  }
}
