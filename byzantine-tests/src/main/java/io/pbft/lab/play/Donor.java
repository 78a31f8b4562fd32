package io.pbft.lab.play;

import io.pbft.core.Effect;
import io.pbft.core.message.Chunks;
import io.pbft.core.message.Message;
import io.pbft.core.message.ReadReply;
import io.pbft.core.message.ReadRequest;
import io.pbft.core.message.Result;
import io.pbft.crypto.Principal;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A traitor that serves state and answers reads. The driver, not the core, makes these messages, so
 * a traitor that lies about them makes its own: of the right shape, without the right content.
 */
final class Donor {
  private static final byte[] CONTENT = new byte[32];

  private Donor() {}

  /** Whether the driver makes the message for the effect. */
  static boolean makes(Effect effect) {
    return effect instanceof Effect.SendChunks || effect instanceof Effect.Query;
  }

  static void rewrite(
      Effect effect,
      int id,
      List<Effect> out,
      Consumer<Draft> toRules,
      Predicate<Message> concerned) {
    Draft own = draft(effect, id);
    if (concerned.test(own.message())) {
      toRules.accept(own);
    } else {
      out.add(effect);
    }
  }

  private static Draft draft(Effect effect, int id) {
    if (effect instanceof Effect.SendChunks e) {
      List<byte[]> chunks = Collections.nCopies(e.asked().digests().size(), CONTENT);
      Chunks own = new Chunks(e.asked().ticket(), chunks, id);
      return Draft.to(Principal.replica(e.to()), own, null);
    }
    ReadRequest read = ((Effect.Query) effect).read();
    Result result = new Result(Result.Outcome.OK, CONTENT);
    ReadReply own = new ReadReply(read.session(), read.nonce(), 1, result.digest(), result, id);
    return Draft.of(new Effect.Answer(read.client(), read.session(), own));
  }
}
