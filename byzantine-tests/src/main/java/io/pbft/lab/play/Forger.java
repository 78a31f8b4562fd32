package io.pbft.lab.play;

import io.pbft.core.message.Batch;
import io.pbft.core.message.BatchBody;
import io.pbft.core.message.Checkpoint;
import io.pbft.core.message.ChunkTree;
import io.pbft.core.message.Chunks;
import io.pbft.core.message.Commit;
import io.pbft.core.message.Committed;
import io.pbft.core.message.Message;
import io.pbft.core.message.NewView;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.Prepare;
import io.pbft.core.message.ReadReply;
import io.pbft.core.message.Reply;
import io.pbft.core.message.Result;
import io.pbft.core.message.Status;
import io.pbft.core.message.ViewChange;
import io.pbft.crypto.Digest;
import io.pbft.lab.scenario.Amount;
import io.pbft.lab.scenario.Phrase;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Carries out {@code forge}: the same message with other fields. */
final class Forger {
  private static final Result LIE = new Result(Result.Outcome.OK, new byte[] {1, 2, 3});
  private static final int HUGE = 4 * 1024 * 1024;

  private final Gang gang;
  private final BatchForger batches;
  private final SplittableRandom random;

  Forger(Gang gang, BatchForger batches, SplittableRandom random) {
    this.gang = gang;
    this.batches = batches;
    this.random = random;
  }

  Message forge(Message message, Phrase how) {
    if (message instanceof PrePrepare m) {
      return prePrepare(m, how);
    } else if (message instanceof Prepare m) {
      return new Prepare(
          view(how, m.view()), slot(how, m.sequence()), digest(how, m.digest()), m.replica());
    } else if (message instanceof Commit m) {
      return new Commit(
          view(how, m.view()), slot(how, m.sequence()), digest(how, m.digest()), m.replica());
    } else if (message instanceof Checkpoint m) {
      return new Checkpoint(slot(how, m.sequence()), digest(how, m.digest()), m.replica());
    } else if (message instanceof Status m) {
      return new Status(
          view(how, m.view()),
          m.active(),
          amount(how, "stable", m.stable()),
          amount(how, "executed", m.executed()),
          m.nonce(),
          m.complaint(),
          m.replica());
    } else if (message instanceof Reply m) {
      return reply(m, how);
    } else if (message instanceof ReadReply m) {
      return readReply(m, how);
    }
    return rare(message, how);
  }

  private Message rare(Message message, Phrase how) {
    if (message instanceof ViewChange m) {
      return new ViewChange(
          view(how, m.view()),
          amount(how, "stable", m.stable()),
          m.checkpoints(),
          m.prepared(),
          m.prePrepared(),
          m.replica());
    } else if (message instanceof NewView m) {
      return new NewView(
          view(how, m.view()),
          m.support(),
          amount(how, "stable", m.start()),
          digest(how, m.startDigest()),
          m.choices(),
          m.replica());
    } else if (message instanceof Committed m) {
      List<Digest> digests = new ArrayList<>();
      m.digests().forEach(d -> digests.add(digest(how, d)));
      return new Committed(slot(how, m.first()), digests, m.replica());
    } else if (message instanceof BatchBody m) {
      return new BatchBody(
          slot(how, m.sequence()), batches.forge(m.batch(), how, random), m.replica());
    } else if (message instanceof Chunks m) {
      return new Chunks(
          m.ticket(), m.chunks().stream().map(c -> chunk(how, c)).toList(), m.replica());
    }
    return message;
  }

  private PrePrepare prePrepare(PrePrepare m, Phrase how) {
    Batch batch = batches.forge(m.batch(), how, random);
    boolean keeps = how.word("digest", "").equals("kept");
    return new PrePrepare(
        view(how, m.view()),
        slot(how, m.sequence()),
        keeps ? m.digest() : digest(how, batch.digest()),
        batch,
        m.replica());
  }

  private Reply reply(Reply m, Phrase how) {
    Result result = result(how, m.result());
    boolean lies = how.has("result") && !how.word("result").equals("missing");
    return new Reply(
        view(how, m.view()),
        m.client(),
        m.session(),
        amount(how, "timestamp", m.timestamp()),
        lies ? lie(how).digest() : m.resultDigest(),
        result,
        amount(how, "tentative", m.tentative()),
        m.replica());
  }

  private ReadReply readReply(ReadReply m, Phrase how) {
    boolean lies = how.has("result") && !how.word("result").equals("missing");
    return new ReadReply(
        m.session(),
        m.nonce(),
        amount(how, "executed", m.executed()),
        lies ? lie(how).digest() : m.resultDigest(),
        result(how, m.result()),
        m.replica());
  }

  private Result result(Phrase how, Result honest) {
    boolean hides = how.has("result") && how.word("result").equals("missing");
    return hides ? null : !how.has("result") || honest == null ? honest : lie(how);
  }

  /** {@code false} is one lie for all, {@code random} another one each day. */
  private Result lie(Phrase how) {
    return switch (how.word("result")) {
      case "false" -> LIE;
      case "empty" -> new Result(Result.Outcome.OK, new byte[0]);
      default -> new Result(Result.Outcome.OK, new byte[] {(byte) random.nextInt(100)});
    };
  }

  private byte[] chunk(Phrase how, byte[] honest) {
    return switch (how.word("chunk", "honest")) {
      case "rotten" -> flipped(honest);
      case "huge" -> new byte[HUGE];
      case "foreign" -> ChunkTree.leaf(new byte[Long.BYTES]);
      default -> honest;
    };
  }

  private static byte[] flipped(byte[] honest) {
    byte[] bytes = honest.length == 0 ? new byte[1] : honest.clone();
    bytes[bytes.length / 2] ^= 1;
    return bytes;
  }

  private long view(Phrase how, long honest) {
    return amount(how, "view", honest);
  }

  private long slot(Phrase how, long honest) {
    return amount(how, "slot", honest);
  }

  long amount(Phrase how, String name, long honest) {
    Amount amount = how.amount(name);
    return amount == null ? honest : amount.of(honest, random);
  }

  Digest digest(Phrase how, Digest honest) {
    return switch (how.word("digest", "honest")) {
      case "random" -> Digest.of(new byte[] {(byte) random.nextInt(), (byte) random.nextInt()});
      case "zero" -> Digest.ZERO;
      case "null" -> Batch.NULL.digest();
      case "other" -> gang.other(honest);
      default -> honest;
    };
  }
}
