package io.pbft.lab.play;

import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Batch;
import io.pbft.core.message.BatchBody;
import io.pbft.core.message.Checkpoint;
import io.pbft.core.message.Commit;
import io.pbft.core.message.Committed;
import io.pbft.core.message.FetchBatch;
import io.pbft.core.message.FetchViewChange;
import io.pbft.core.message.Message;
import io.pbft.core.message.NewView;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.Prepare;
import io.pbft.core.message.ReadRequest;
import io.pbft.core.message.Reply;
import io.pbft.core.message.RequestMessage;
import io.pbft.core.message.Status;
import io.pbft.core.message.ViewChange;
import io.pbft.crypto.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The fields that rules ask about, whatever the message's type; {@value #NONE} where it has none.
 */
final class Fields {
  static final long NONE = -1;

  private Fields() {}

  static long view(Message message) {
    if (message instanceof PrePrepare m) {
      return m.view();
    } else if (message instanceof Prepare m) {
      return m.view();
    } else if (message instanceof Commit m) {
      return m.view();
    } else if (message instanceof ViewChange m) {
      return m.view();
    } else if (message instanceof NewView m) {
      return m.view();
    } else if (message instanceof Status m) {
      return m.view();
    } else if (message instanceof FetchViewChange m) {
      return m.view();
    }
    return message instanceof Reply m ? m.view() : NONE;
  }

  static long slot(Message message) {
    if (message instanceof PrePrepare m) {
      return m.sequence();
    } else if (message instanceof Prepare m) {
      return m.sequence();
    } else if (message instanceof Commit m) {
      return m.sequence();
    } else if (message instanceof Checkpoint m) {
      return m.sequence();
    } else if (message instanceof Committed m) {
      return m.first();
    } else if (message instanceof FetchBatch m) {
      return m.sequence();
    }
    return message instanceof BatchBody m ? m.sequence() : NONE;
  }

  /** The batch digest or state digest that the message is about, or null. */
  static Digest digest(Message message) {
    if (message instanceof PrePrepare m) {
      return m.digest();
    } else if (message instanceof Prepare m) {
      return m.digest();
    } else if (message instanceof Commit m) {
      return m.digest();
    }
    return message instanceof Checkpoint m ? m.digest() : null;
  }

  static Batch batch(Message message) {
    return message instanceof PrePrepare m
        ? m.batch()
        : message instanceof BatchBody m ? m.batch() : Batch.NULL;
  }

  /** Whether the message concerns the client. */
  static boolean concerns(Message message, long client) {
    if (message instanceof Reply m) {
      return m.client() == client;
    } else if (message instanceof RequestMessage m) {
      return m.request().client() == client;
    } else if (message instanceof ReadRequest m) {
      return m.client() == client;
    }
    return requests(message).stream().anyMatch(r -> r.request().client() == client);
  }

  /** Whether an operation in the message touches the key. */
  static boolean touches(Message message, String key) {
    List<AuthenticatedRequest> requests =
        message instanceof RequestMessage m ? List.of(m.body()) : requests(message);
    return requests.stream().anyMatch(r -> touches(r, key));
  }

  static boolean touches(AuthenticatedRequest request, String key) {
    String text = new String(request.request().operation(), StandardCharsets.UTF_8);
    return text.equals(key) || text.startsWith(key + "=");
  }

  private static List<AuthenticatedRequest> requests(Message message) {
    return batch(message).requests();
  }
}
