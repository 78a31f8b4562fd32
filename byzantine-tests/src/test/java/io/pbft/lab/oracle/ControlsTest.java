package io.pbft.lab.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.CoreStatus;
import io.pbft.core.Effect;
import io.pbft.core.Event;
import io.pbft.core.Quorums;
import io.pbft.core.ReplicaCore;
import io.pbft.core.TimerKind;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Batch;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.ReadReply;
import io.pbft.core.message.ReadRequest;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Request;
import io.pbft.core.message.RequestAuthenticator;
import io.pbft.core.message.Result;
import io.pbft.core.runtime.Defences;
import io.pbft.core.spi.LogRecord;
import io.pbft.core.validation.AuthenticationMode;
import io.pbft.core.validation.Gatekeeper;
import io.pbft.lab.catalogue.Resources;
import io.pbft.lab.matrix.Weakness;
import io.pbft.lab.oracle.Verdict.Outcome;
import io.pbft.lab.play.Played;
import io.pbft.lab.play.Player;
import io.pbft.lab.play.Service;
import io.pbft.lab.scenario.Scenario;
import io.pbft.lab.scenario.ScenarioText;
import io.pbft.lab.search.Workload;
import io.pbft.lab.sim.Simulation;
import io.pbft.lab.sim.Violation;
import io.pbft.lab.sim.Worlds;
import io.pbft.lab.traitor.FalseReplier;
import io.pbft.lab.traitor.Gang;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Worlds that must break. A checker that has never found anything has shown nothing: each of these
 * takes away one thing that the promises rest on, and the lab has to notice. Each has its
 * counterpart, which differs in that one thing and must hold.
 */
class ControlsTest {
  private static Simulation.Builder world(int n) {
    return Simulation.builder().config(Worlds.withDisks(n)).clients(2).seed(1);
  }

  /** A load without other faults, for long enough that what is owed must have come. */
  private static Verdict judge(Simulation world) {
    Judge judge = Judge.of(world);
    judge.faultsEnded();
    Workload load = Workload.start(world, 60, 0.2);
    world.runUntil(() -> load.isDone() || !judge.violations().isEmpty(), judge.boundMillis() + 1);
    world.run(1_000);
    return judge.verdict();
  }

  /**
   * The first {@code size} replicas collude; of the others the upper half hears the second story.
   */
  private static Gang gang(int n, int size) {
    Set<Integer> members = Set.copyOf(java.util.stream.IntStream.range(0, size).boxed().toList());
    return new Gang(n, members, id -> id >= (n + size) / 2);
  }

  /** Sixty operations, executed tentatively where that is possible; then no COMMIT arrives. */
  private static Judge withoutCommits(boolean forGood) {
    Simulation world =
        Simulation.builder()
            .config(Worlds.withDisks(4).toBuilder().tentativeExecution(true).build())
            .seed(1)
            .build();
    Judge judge = Judge.of(world);
    Workload load = Workload.start(world, 60, 0);
    boolean[] gone = {false};
    world
        .network()
        .tamper(
            (from, to, payload) ->
                gone[0]
                    && Gatekeeper.claimedType(payload, 0, payload.length) == MessageType.COMMIT);
    world.runUntil(() -> load.left() == 20, 10_000);
    gone[0] = true;
    world.runUntil(() -> !judge.isAllDecided(), 10_000);
    judge.faultsEnded();
    gone[0] = forGood;
    world.runUntil(load::isDone, judge.boundMillis());
    world.run(judge.boundMillis() + 1_000);
    return judge;
  }

  @Test
  void whatIsAcknowledgedAndNeverDecidedIsNoticed() {
    Judge judge = withoutCommits(true);
    assertThat(judge.undecided()).hasSize(1);
    assertThat(judge.verdict().live().reason()).contains("was acknowledged, and is undecided for");
  }

  @Test
  void whatIsDecidedLaterIsNot() {
    Judge judge = withoutCommits(false);
    assertThat(judge.undecided()).isEmpty();
    assertThat(judge.verdict().live().outcome()).isEqualTo(Outcome.HOLDS);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 7})
  void fPlusOneColludersBreakAgreementAndAreNamed(int n) {
    int f = (n - 1) / 3;
    Gang gang = gang(n, f + 1);
    Simulation world = world(n).mode(AuthenticationMode.SIGNATURE).traitors(gang::member).build();
    Verdict verdict = judge(world);

    assertThat(verdict.safe().outcome()).isEqualTo(Outcome.VIOLATED);
    assertThat(verdict.safe().reason()).startsWith("agreement");
    assertThat(verdict.live().outcome()).isEqualTo(Outcome.NOT_OWED);
    assertThat(verdict.accused()).extracting(Accusation::replica).containsAll(world.traitors());
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 7})
  void fColludersBreakNothingAndAreNamedAllTheSame(int n) {
    int f = (n - 1) / 3;
    Gang gang = gang(n, f);
    Simulation world = world(n).mode(AuthenticationMode.SIGNATURE).traitors(gang::member).build();
    Verdict verdict = judge(world);

    assertThat(verdict.isGood()).as(verdict.toString()).isTrue();
    assertThat(verdict.live().outcome()).as(verdict.toString()).isEqualTo(Outcome.HOLDS);
    assertThat(verdict.accused()).extracting(Accusation::replica).contains(0);
    assertThat(world.traitors())
        .containsAll(verdict.accused().stream().map(Accusation::replica).toList());
  }

  /** The same as files, which {@code pbft lab run} plays. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "f-plus-one-traitors",
        "three-f-replicas",
        "quorum-one-short",
        "fsync-skipped",
      })
  void theControlsCanBePlayedAndAreSeen(String name) {
    Scenario control = ScenarioText.parse(Resources.read("controls/" + name + ".traitor"));
    Weakness weakness = Weakness.named(control.without());
    Defences defences = weakness == null ? Defences.ALL : weakness.defences();
    Played played = Player.play(control, 1, Service.registers(), defences);
    assertThat(played.violations()).isEmpty();
    assertThat(played.idle()).isEmpty();
    assertThat(played.findings().get(0).toString()).startsWith("HOLDS violated: ");
  }

  /** With n = 3f, a quorum that f silent replicas can't block is one that f liars can split. */
  @Test
  void threeTimesFReplicasAreTooFew() {
    Defences sixForTwo = quorums(new Quorums(6, 2, 4, 3));
    Simulation world = world(6).defences(id -> sixForTwo).traitors(gang(6, 2)::member).build();
    assertThat(judge(world).safe().reason()).startsWith("agreement");
  }

  @Test
  void aQuorumOneShortBreaksAgreement() {
    Defences short1 = quorums(new Quorums(4, 1, 2, 2));
    Simulation world = world(4).defences(id -> short1).traitors(gang(4, 1)::member).build();
    assertThat(judge(world).safe().reason()).startsWith("agreement");
  }

  private static Defences quorums(Quorums wrong) {
    return new Defences() {
      @Override
      public Quorums quorums(Quorums proper) {
        return wrong;
      }
    };
  }

  @Test
  void disksThatOnlySaySoLoseWhatWasAcknowledged() {
    Verdict verdict = powerCut(true, Defences.ALL);
    assertThat(verdict.safe().outcome()).as(verdict.toString()).isEqualTo(Outcome.VIOLATED);
  }

  @Test
  void votesThatAreNotWrittenDownAreForgotten() {
    Verdict verdict =
        powerCut(
            false,
            new Defences() {
              @Override
              public boolean persists(LogRecord fact) {
                return false;
              }
            });
    assertThat(verdict.isGood()).as(verdict.toString()).isFalse();
  }

  @Test
  void disksThatDoWhatTheySaySurviveAPowerCut() {
    Verdict verdict = powerCut(false, Defences.ALL);
    assertThat(verdict.isGood()).as(verdict.toString()).isTrue();
    assertThat(verdict.live().outcome()).isEqualTo(Outcome.HOLDS);
  }

  /** All replicas lose their power at once, several times, under load. */
  private static Verdict powerCut(boolean forgetful, Defences defences) {
    Simulation world = world(4).disks(true).defences(id -> defences).build();
    Judge judge = Judge.of(world);
    for (int i = 0; i < 4; i++) {
      world.disk(i).latency(100, 1_000).medium().setForgetsForces(forgetful);
    }
    Workload load = Workload.start(world, 200, 0);
    for (int cut = 0; cut < 3; cut++) {
      world.run(40);
      for (int i = 0; i < 4; i++) {
        world.powerLoss(i);
      }
      for (int i = 0; i < 4; i++) {
        world.restart(i);
      }
    }
    judge.faultsEnded();
    world.runUntil(() -> load.isDone() || !judge.violations().isEmpty(), judge.boundMillis());
    world.run(1_000);
    return judge.verdict();
  }

  @Test
  void withoutRequestTimersADeadPrimaryIsForEver() {
    Defences patient =
        new Defences() {
          @Override
          public boolean arms(TimerKind kind) {
            return kind != TimerKind.REQUEST;
          }
        };
    assertThat(deadPrimary(patient).live().outcome()).isEqualTo(Outcome.VIOLATED);
    assertThat(deadPrimary(Defences.ALL).live().outcome()).isEqualTo(Outcome.HOLDS);
  }

  private static Verdict deadPrimary(Defences defences) {
    Simulation world = world(4).defences(id -> defences).build();
    world.crash(0);
    return judge(world);
  }

  @Test
  void moreThanFDeadReplicasExcuseAStandstill() {
    Simulation world = world(4).build();
    world.crash(0);
    world.crash(1);
    Verdict verdict = judge(world);
    assertThat(verdict.live().outcome()).isEqualTo(Outcome.NOT_OWED);
    assertThat(verdict.live().reason())
        .isEqualTo("replicas [0, 1] are faulty or cut off, more than f = 1");
    assertThat(verdict.isGood()).isTrue();
  }

  @Test
  void withoutTheCheckOfClientsAnInventedRequestIsExecuted() {
    Defences trusting =
        new Defences() {
          @Override
          public boolean refuses(Reason reason) {
            return reason != Reason.BAD_CLIENT_AUTH && reason != Reason.STALE_KEY;
          }
        };
    assertThat(inventor(trusting).valid().outcome()).isEqualTo(Outcome.VIOLATED);
    Verdict checked = inventor(Defences.ALL);
    assertThat(checked.isGood()).as(checked.toString()).isTrue();
  }

  private static Verdict inventor(Defences defences) {
    Simulation world =
        world(4).defences(id -> defences).traitors(id -> id == 0 ? Inventor::new : null).build();
    return judge(world);
  }

  /** As primary orders a request of client 1 that client 1 never made, before each batch. */
  private record Inventor(ReplicaCore honest) implements ReplicaCore {
    @Override
    public List<Effect> step(Event event) {
      List<Effect> rewritten = new ArrayList<>();
      for (Effect effect : honest.step(event)) {
        rewritten.add(
            effect instanceof Effect.Broadcast b && b.message() instanceof PrePrepare m
                ? new Effect.Broadcast(invent(m))
                : effect);
      }
      return rewritten;
    }

    private static PrePrepare invent(PrePrepare m) {
      Request never = new Request(1, 1, 1, 1, Request.Kind.WRITE, new byte[] {'x', '=', '6'});
      RequestAuthenticator bad =
          new RequestAuthenticator.Macs(
              new int[4], new byte[4 * RequestAuthenticator.Macs.TAG_LENGTH]);
      List<AuthenticatedRequest> requests = new ArrayList<>();
      requests.add(new AuthenticatedRequest(never, bad));
      Batch batch = new Batch(m.batch().time(), requests);
      return new PrePrepare(m.view(), m.sequence(), batch.digest(), batch, m.replica());
    }

    @Override
    public CoreStatus status() {
      return honest.status();
    }
  }

  @Test
  void fPlusOneThatTellClientsTheSameLieAreNoticed() {
    Simulation two = world(4).traitors(id -> id < 2 ? FalseReplier::new : null).build();
    assertThat(judge(two).linearizable().outcome()).isEqualTo(Outcome.VIOLATED);
    Simulation one = world(4).traitors(id -> id < 1 ? FalseReplier::new : null).build();
    Verdict verdict = judge(one);
    assertThat(verdict.linearizable().outcome()).isEqualTo(Outcome.HOLDS);
    assertThat(verdict.live().outcome()).isEqualTo(Outcome.HOLDS);
  }

  @Test
  void aQuorumThatReadsWhatWasNeverWrittenIsNoticed() {
    Simulation world = world(4).traitors(id -> id < 3 ? c -> new Reader(c, id) : null).build();
    Verdict verdict = judge(world);
    assertThat(verdict.safe().outcome()).isEqualTo(Outcome.HOLDS);
    assertThat(verdict.linearizable().reason()).contains("returned what no state");
  }

  /** Answers fast reads with a value that nobody wrote. */
  private record Reader(ReplicaCore honest, int id) implements ReplicaCore {
    private static final Result LIE = new Result(Result.Outcome.OK, new byte[] {'?'});

    @Override
    public List<Effect> step(Event event) {
      List<Effect> rewritten = new ArrayList<>();
      for (Effect effect : honest.step(event)) {
        rewritten.add(effect instanceof Effect.Query q ? lie(q.read()) : effect);
      }
      return rewritten;
    }

    private Effect lie(ReadRequest read) {
      ReadReply reply = new ReadReply(read.session(), read.nonce(), 0, LIE.digest(), LIE, id);
      return new Effect.Answer(read.client(), read.session(), reply);
    }

    @Override
    public CoreStatus status() {
      return honest.status();
    }
  }

  @Test
  void aViolationSaysWhatWhenAndWho() {
    Violation violation = new Violation(Violation.Kind.AGREEMENT, 12_345, List.of(2), "why");
    assertThat(violation).hasToString("agreement at 12 ms, replicas [2]: why");
  }
}
