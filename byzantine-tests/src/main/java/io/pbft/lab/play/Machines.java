package io.pbft.lab.play;

import io.pbft.core.spi.ExecutionContext;
import io.pbft.core.spi.StateMachine;
import io.pbft.crypto.Principal;
import io.pbft.lab.scenario.Phrase;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What befalls the replicas themselves: their processes, clocks, states and disks. */
final class Machines {
  private static final byte[] ROT = "rotten=1".getBytes(StandardCharsets.UTF_8);

  private final Stage stage;
  private final Timeline timeline;

  Machines(Stage stage, Timeline timeline) {
    this.stage = stage;
    this.timeline = timeline;
  }

  /** False where it is the network that the incident befalls. */
  boolean befall(Phrase incident, List<Principal> who) {
    switch (incident.head()) {
      case "crash" -> who.forEach(replica -> crash(incident, replica.id()));
      case "pause" -> {
        who.forEach(r -> stage.world().pause(r.id(), timeline.micros(incident, "for") / 1_000));
        stage.hand().after(timeline.micros(incident, "for"), timeline::noteFault);
      }
      case "jump" -> {
        who.forEach(r -> stage.world().clock(r.id()).jump(timeline.micros(incident, "by") / 1_000));
        timeline.noteFault();
      }
      case "rot" -> who.forEach(replica -> rot(replica.id()));
      case "reform" -> who.forEach(replica -> reform(replica.id()));
      case "slow-disk", "lying-disk", "full-disk" ->
          who.forEach(replica -> disk(incident, replica.id()));
      default -> {
        return false;
      }
    }
    return true;
  }

  private void crash(Phrase incident, int id) {
    if (stage.world().replica(id).isStopped()) {
      return; // It comes back when the crash before says so.
    }
    if (incident.has("power")) {
      stage.world().powerLoss(id);
    } else {
      stage.world().crash(id);
    }
    stage.chronicle().down(id);
    if (incident.has("for")) {
      stage.hand().after(timeline.micros(incident, "for"), () -> restart(incident, id));
    }
  }

  private void restart(Phrase incident, int id) {
    stage.chronicle().up(id);
    timeline.over(incident);
    if (incident.has("amnesiac")) {
      stage.world().restartWithoutMemory(id);
    } else {
      stage.world().restart(id);
    }
  }

  /** From now on it counts as faulty, whatever its core does. */
  private void isFaulty(int id) {
    stage.addTraitor(Principal.replica(id));
    stage.world().markTraitor(id);
  }

  /** An operation that nobody ordered, behind the core's back. */
  private void rot(int id) {
    isFaulty(id);
    StateMachine machine = stage.world().replica(id).machine();
    machine.execute(ROT, new ExecutionContext(stage.world().replica(id).stateAt(), 0, 0));
  }

  /** As proactive recovery does: a clean machine, which has to fetch everything. */
  private void reform(int id) {
    stage.world().crash(id);
    stage.removeTraitor(id);
    stage.world().unmarkTraitor(id);
    stage.world().restartWithoutMemory(id);
    timeline.noteFault();
  }

  private void disk(Phrase incident, int id) {
    switch (incident.head()) {
      case "slow-disk" -> {
        long slow = timeline.micros(incident, "by");
        stage.world().disk(id).latency(0, slow);
        if (incident.has("for")) {
          stage
              .hand()
              .after(
                  timeline.micros(incident, "for"),
                  () -> {
                    stage.world().disk(id).latency(0, Player.DISK_MICROS);
                    timeline.over(incident);
                  });
        }
      }
      case "lying-disk" -> {
        if (!incident.has("trusted")) {
          isFaulty(id);
        }
        stage.world().disk(id).medium().setForgetsForces(true);
      }
      default -> {
        isFaulty(id);
        stage.world().disk(id).medium().failAfter(0);
      }
    }
  }
}
