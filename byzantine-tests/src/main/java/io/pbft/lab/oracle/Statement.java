package io.pbft.lab.oracle;

import io.pbft.core.message.Checkpoint;
import io.pbft.core.message.Commit;
import io.pbft.core.message.Message;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.Prepare;
import io.pbft.core.message.ViewChange;
import io.pbft.crypto.Digest;
import java.nio.charset.StandardCharsets;

/**
 * What a replica commits itself to by a message: of one subject it says one thing for ever, across
 * restarts, or it is no correct replica.
 *
 * @param says what is said of the subject
 */
record Statement(Subject subject, Digest says) {
  /** About what; {@code view} is 0 where it does not matter. */
  record Subject(String type, int replica, long view, long sequence) {
    @Override
    public String toString() {
      return type + (view > 0 || sequence == 0 ? " v" + view : "") + " s" + sequence;
    }
  }

  /** The statement that a message makes, or null for one that commits its author to nothing. */
  static Statement of(Message message) {
    if (message instanceof PrePrepare m) {
      return about("PRE-PREPARE", m.replica(), m.view(), m.sequence(), m.digest());
    } else if (message instanceof Prepare m) {
      return about("PREPARE", m.replica(), m.view(), m.sequence(), m.digest());
    } else if (message instanceof Commit m) {
      return about("COMMIT", m.replica(), m.view(), m.sequence(), m.digest());
    } else if (message instanceof Checkpoint m) {
      return about("CHECKPOINT", m.replica(), 0, m.sequence(), m.digest());
    } else if (message instanceof ViewChange m) {
      return about("VIEW-CHANGE", m.replica(), m.view(), 0, content(m));
    }
    return null;
  }

  private static Statement about(String type, int replica, long view, long sequence, Digest says) {
    return new Statement(new Subject(type, replica, view, sequence), says);
  }

  private static Digest content(ViewChange m) {
    String all = m.stable() + " " + m.checkpoints() + " " + m.prepared() + " " + m.prePrepared();
    return Digest.of(all.getBytes(StandardCharsets.UTF_8));
  }
}
