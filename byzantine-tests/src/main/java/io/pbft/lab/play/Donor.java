package io.pbft.lab.play;

import io.pbft.core.Effect;
import io.pbft.core.message.Chunk;
import io.pbft.core.message.Manifest;
import io.pbft.core.message.Message;
import io.pbft.crypto.Digest;
import io.pbft.crypto.Principal;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A traitor that serves state. The driver, not the core, makes these messages, so a traitor that
 * lies about them makes its own: of the right shape, without the right content.
 */
final class Donor {
  private static final byte[] CONTENT = new byte[32];

  private Donor() {}

  static void rewrite(
      Effect effect,
      int id,
      List<Effect> out,
      Consumer<Draft> toRules,
      Predicate<Message> concerned) {
    Message own;
    int to;
    if (effect instanceof Effect.SendManifest e) {
      own = new Manifest(e.sequence(), CONTENT, List.of(Digest.of(CONTENT)), id);
      to = e.to();
    } else {
      Effect.SendChunk e = (Effect.SendChunk) effect;
      own = new Chunk(e.sequence(), e.index(), CONTENT, id);
      to = e.to();
    }
    if (concerned.test(own)) {
      toRules.accept(Draft.to(Principal.replica(to), own, null));
    } else {
      out.add(effect);
    }
  }
}
