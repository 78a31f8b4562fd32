package io.pbft.lab.play;

import io.pbft.core.CoreStatus;
import io.pbft.core.Effect;
import io.pbft.core.Event;
import io.pbft.core.ReplicaCore;
import io.pbft.core.message.Message;
import io.pbft.crypto.Principal;
import java.util.ArrayList;
import java.util.List;

/** An honest core inside a traitor written in Java: what it said in its last step is remembered. */
final class Overheard implements ReplicaCore {
  private final ReplicaCore honest;
  private final String plays;
  private final List<Message> said = new ArrayList<>();

  /**
   * @param plays the traitor's name, or null where only a script lies
   */
  Overheard(ReplicaCore honest, String plays) {
    this.honest = honest;
    this.plays = plays;
  }

  @Override
  public CoreStatus status() {
    return honest.status();
  }

  @Override
  public List<Effect> step(Event event) {
    List<Effect> effects = honest.step(event);
    if (plays != null) {
      said.clear();
      effects.forEach(this::listen);
    }
    return effects;
  }

  private void listen(Effect effect) {
    if (effect instanceof Effect.Send e) {
      said.add(e.message());
    } else if (effect instanceof Effect.Broadcast e) {
      said.add(e.message());
    } else if (effect instanceof Effect.Answer e) {
      said.add(e.message());
    }
  }

  /** A message that the core did not make is the traitor's, in the place of one of its type. */
  void tell(PlayListener listener, long now, Principal self, Draft draft) {
    Message message = draft.message();
    if (plays == null || said.stream().anyMatch(m -> m == message)) {
      return;
    }
    Message instead =
        said.stream().filter(m -> m.type() == message.type()).findFirst().orElse(null);
    listener.onLie(now, self, draft.to(), instead, message, "plays " + plays);
  }
}
