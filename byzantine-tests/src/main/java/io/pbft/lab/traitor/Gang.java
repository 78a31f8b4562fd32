package io.pbft.lab.traitor;

import io.pbft.core.CoreStatus;
import io.pbft.core.Effect;
import io.pbft.core.Event;
import io.pbft.core.ReplicaCore;
import io.pbft.core.message.Batch;
import io.pbft.core.message.Commit;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.Prepare;
import io.pbft.core.message.ReplicaMessage;
import io.pbft.crypto.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;

/**
 * Colluders that show two faces (catalogue X03, Z01): when one of them is primary it proposes one
 * batch to one side and another to the other, and all of them prepare and commit, to each side,
 * what that side was told. With at most f members it comes to nothing; with f+1 it makes two
 * correct replicas execute different batches.
 *
 * <p>The members share what they know through this object, and each signs with its own key only.
 */
public final class Gang {
  private final Set<Integer> members = new TreeSet<>();
  private final int n;
  private final IntPredicate otherSide;
  private final BooleanSupplier begun;
  private final Map<Digest, Digest> other = new HashMap<>();

  /**
   * Makes a gang.
   *
   * @param otherSide the correct replicas that are told the second story
   */
  public Gang(int n, Set<Integer> members, IntPredicate otherSide) {
    this(n, members, otherSide, () -> true);
  }

  /**
   * Makes a gang that bides its time.
   *
   * @param begun until it is true, members are honest
   */
  public Gang(int n, Set<Integer> members, IntPredicate otherSide, BooleanSupplier begun) {
    this.n = n;
    this.members.addAll(members);
    this.otherSide = otherSide;
    this.begun = begun;
  }

  /** What to decorate a replica with; null for one that is no member. */
  public UnaryOperator<ReplicaCore> member(int id) {
    return members.contains(id) ? honest -> new Member(honest, id) : null;
  }

  private final class Member implements ReplicaCore {
    private final ReplicaCore honest;
    private final int id;

    Member(ReplicaCore honest, int id) {
      this.honest = honest;
      this.id = id;
    }

    @Override
    public List<Effect> step(Event event) {
      List<Effect> rewritten = new ArrayList<>();
      for (Effect effect : honest.step(event)) {
        if (effect instanceof Effect.Broadcast b) {
          tell(b, rewritten);
        } else {
          rewritten.add(effect);
        }
      }
      return rewritten;
    }

    private void tell(Effect.Broadcast truth, List<Effect> out) {
      ReplicaMessage second = begun.getAsBoolean() ? secondStory(truth.message()) : null;
      if (second == null) {
        out.add(truth);
        return;
      }
      for (int to = 0; to < n; to++) {
        if (to != id) {
          boolean lie = !members.contains(to) && otherSide.test(to);
          out.add(new Effect.Send(to, lie ? second : truth.message()));
        }
      }
    }

    private ReplicaMessage secondStory(ReplicaMessage message) {
      if (message instanceof PrePrepare m) {
        Batch batch = new Batch(m.batch().time() + 1, m.batch().requests());
        other.put(m.digest(), batch.digest());
        return new PrePrepare(m.view(), m.sequence(), batch.digest(), batch, id);
      } else if (message instanceof Prepare m && other.containsKey(m.digest())) {
        return new Prepare(m.view(), m.sequence(), other.get(m.digest()), id);
      } else if (message instanceof Commit m && other.containsKey(m.digest())) {
        return new Commit(m.view(), m.sequence(), other.get(m.digest()), id);
      }
      return null;
    }

    @Override
    public CoreStatus status() {
      return honest.status();
    }
  }
}
