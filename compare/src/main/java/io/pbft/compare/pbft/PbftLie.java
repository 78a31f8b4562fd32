package io.pbft.compare.pbft;

import io.pbft.compare.sim.Aftermath;
import io.pbft.core.CoreStatus;
import io.pbft.core.Effect;
import io.pbft.core.Event;
import io.pbft.core.Observation;
import io.pbft.core.ProtocolConfig;
import io.pbft.core.ReplicaCore;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Batch;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.Request;
import io.pbft.core.validation.AuthenticationMode;
import io.pbft.lab.sim.RegisterMachine;
import io.pbft.lab.sim.RunListener;
import io.pbft.lab.sim.Simulation;
import io.pbft.lab.traitor.Traitors;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** PBFT's primary tells one backup something else. */
public final class PbftLie {
  private static final int N = 4;
  private static final int LIAR = 0;
  private static final int VICTIM = 3;
  private static final int OPERATIONS = 3;
  private static final byte[] TRUTH = bytes("k2=v2");
  private static final byte[] LIE = bytes("k2=lie");
  private static final long SECOND_MILLIS = 1_000;

  private PbftLie() {}

  /**
   * Three writes, of the second of which one backup is told something else: the request with
   * another operation and the true one's authentication, since only the client can make another.
   */
  public static Aftermath altered(AuthenticationMode mode) {
    return run(mode, TwoFacedPrimary::new);
  }

  /**
   * Three writes, for each of which the backups with even and odd numbers are told different
   * batches of the same authentic request; the primary votes for neither.
   */
  public static Aftermath split(AuthenticationMode mode) {
    return run(mode, Traitors.named("equivocator", LIAR, N));
  }

  private static Aftermath run(AuthenticationMode mode, UnaryOperator<ReplicaCore> liar) {
    TreeMap<String, Integer> noticed = new TreeMap<>();
    Simulation simulation =
        Simulation.builder()
            .config(ProtocolConfig.of(N))
            .mode(mode)
            .seed(1)
            .network(network -> network.latency(1_000, 1_000))
            .traitors(id -> id == LIAR ? liar : null)
            .build();
    simulation.listener(
        new RunListener() {
          @Override
          public void onObservation(long atMicros, int replica, Observation observation) {
            if (replica != LIAR && what(observation) != null) {
              noticed.merge("r" + replica + " " + what(observation), 1, Integer::sum);
            }
          }
        });
    int[] answered = {0};
    for (int i = 1; i <= OPERATIONS; i++) {
      int before = answered[0];
      simulation.client(0).invoke(bytes("k" + i + "=v" + i), result -> answered[0]++);
      simulation.runUntil(() -> answered[0] > before, 10 * SECOND_MILLIS);
    }
    simulation.run(2 * SECOND_MILLIS);
    List<String> all = new ArrayList<>();
    noticed.forEach((what, times) -> all.add(times == 1 ? what : what + " (" + times + " times)"));
    return new Aftermath(states(simulation), OPERATIONS, answered[0], all);
  }

  /** Null for what happens among correct replicas, too. */
  private static String what(Observation observation) {
    if (observation instanceof Observation.Refused o) {
      return "refused " + o.type() + " from r" + o.sender() + ": " + o.reason();
    } else if (observation instanceof Observation.Equivocation o) {
      return "saw two proposals of r" + o.replica() + " for one number";
    } else if (observation instanceof Observation.ViewChangeStarted o) {
      return "asked for view " + o.view() + ": " + o.cause();
    }
    return null;
  }

  private static List<Aftermath.State> states(Simulation simulation) {
    List<Aftermath.State> states = new ArrayList<>();
    for (int i = 0; i < N; i++) {
      if (i != LIAR && simulation.replica(i).machine() instanceof RegisterMachine machine) {
        states.add(new Aftermath.State(i, machine.contents().toString()));
      }
    }
    return states;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private record TwoFacedPrimary(ReplicaCore honest) implements ReplicaCore {
    @Override
    public List<Effect> step(Event event) {
      List<Effect> rewritten = new ArrayList<>();
      for (Effect effect : honest.step(event)) {
        if (effect instanceof Effect.Broadcast b && b.message() instanceof PrePrepare proposal) {
          for (int to = 1; to < N; to++) {
            rewritten.add(new Effect.Send(to, to == VICTIM ? retold(proposal) : proposal));
          }
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

    private static PrePrepare retold(PrePrepare proposal) {
      List<AuthenticatedRequest> requests =
          proposal.batch().requests().stream().map(TwoFacedPrimary::retold).toList();
      Batch batch = new Batch(proposal.batch().time(), requests);
      return new PrePrepare(proposal.view(), proposal.sequence(), batch.digest(), batch, LIAR);
    }

    private static AuthenticatedRequest retold(AuthenticatedRequest authentic) {
      Request asked = authentic.request();
      if (!Arrays.equals(asked.operation(), TRUTH)) {
        return authentic;
      }
      Request other =
          new Request(
              asked.client(),
              asked.session(),
              asked.timestamp(),
              asked.acknowledged(),
              asked.kind(),
              LIE);
      return new AuthenticatedRequest(other, authentic.authenticator());
    }
  }
}
