package io.pbft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.CoreStatus;
import io.pbft.core.Effect;
import io.pbft.core.Event;
import io.pbft.core.ReplicaCore;
import io.pbft.core.TimerKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class SleeperTest {
  private static final Event ANY = new Event.TimerFired(0, TimerKind.REQUEST, 0);

  private record Fixed(List<Effect> effects) implements ReplicaCore {
    @Override
    public List<Effect> step(Event event) {
      return effects;
    }

    @Override
    public CoreStatus status() {
      return null;
    }
  }

  @Test
  void playsAlongUntilItIsWoken() {
    ReplicaCore honest = new Fixed(List.of());
    ReplicaCore traitor = new Fixed(List.of(new Effect.Cancel(TimerKind.REQUEST)));
    Sleeper sleeper = new Sleeper(core -> traitor, false);
    ReplicaCore core = sleeper.apply(honest);
    assertThat(core.step(ANY)).isEmpty();
    sleeper.wake();
    assertThat(core.step(ANY)).hasSize(1);
  }

  @Test
  void mayBeAwakeFromTheStart() {
    ReplicaCore traitor = new Fixed(List.of(new Effect.Cancel(TimerKind.REQUEST)));
    assertThat(new Sleeper(core -> traitor, true).apply(new Fixed(List.of())).step(ANY)).hasSize(1);
  }
}
