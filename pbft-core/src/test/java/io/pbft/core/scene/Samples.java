package io.pbft.core.scene;

import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Batch;
import io.pbft.core.message.BatchBody;
import io.pbft.core.message.Busy;
import io.pbft.core.message.Checkpoint;
import io.pbft.core.message.Chunks;
import io.pbft.core.message.Commit;
import io.pbft.core.message.Committed;
import io.pbft.core.message.Complaint;
import io.pbft.core.message.FetchBatch;
import io.pbft.core.message.FetchChunks;
import io.pbft.core.message.FetchViewChange;
import io.pbft.core.message.Message;
import io.pbft.core.message.NewView;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.Prepare;
import io.pbft.core.message.ReadReply;
import io.pbft.core.message.ReadRequest;
import io.pbft.core.message.Relay;
import io.pbft.core.message.Reply;
import io.pbft.core.message.RequestMessage;
import io.pbft.core.message.Result;
import io.pbft.core.message.Status;
import io.pbft.core.message.StatusQuery;
import io.pbft.core.message.StatusReport;
import io.pbft.core.message.ViewChange;
import io.pbft.core.validation.AuthenticationMode;
import io.pbft.crypto.Digest;
import java.util.List;

/** Messages of every type, full of values: what replica 2 and client 0 might send. */
public final class Samples {
  public static final int REPLICA = 2;

  private static final Digest D = Digest.of(new byte[] {1});
  private static final Digest E = Digest.of(new byte[] {2});

  private Samples() {}

  public static List<Message> all() {
    Peers peers = new Peers(Scene.config(4), AuthenticationMode.MAC);
    AuthenticatedRequest signed = peers.signed(Scene.request(0, 1, 2, 1, "operation"));
    AuthenticatedRequest maced = peers.maced(Scene.request(0, 1, 3, 2, ""), 0, 1, 2, 3);
    List<AuthenticatedRequest> together =
        peers.signedTogether(
            List.of(
                Scene.request(0, 1, 4, 2, "a"),
                Scene.request(0, 1, 5, 2, "b"),
                Scene.request(0, 1, 6, 2, "c")));
    Batch batch = new Batch(1_000_000, List.of(signed, maced, together.get(1)));
    Result result = new Result(Result.Outcome.OK, new byte[] {1, 2, 3});
    return List.of(
        new RequestMessage(signed, false),
        new RequestMessage(maced, true),
        new ReadRequest(0, 1, 7, true, new byte[] {1}),
        new StatusQuery(0, 9),
        new PrePrepare(1, 2, batch.digest(), batch, REPLICA),
        new Prepare(1, 2, D, REPLICA),
        new Commit(1, 2, D, REPLICA),
        new Reply(1, 0, 1, 2, result.digest(), result, REPLICA),
        new Reply(1, 0, 1, 2, result.digest(), null, REPLICA),
        new Reply(1, 0, 1, 2, result.digest(), result, 7, REPLICA),
        new Checkpoint(4, D, REPLICA),
        viewChange(),
        newView(),
        new Status(1, true, 4, 6, 5, Complaint.UNVOUCHED, REPLICA),
        new FetchBatch(2, D, REPLICA),
        new BatchBody(2, batch, REPLICA),
        new Committed(3, List.of(D, E), REPLICA),
        new FetchViewChange(1, 3, D, REPLICA),
        relay(peers),
        new FetchChunks(4, 1, List.of(D, E), REPLICA),
        new Chunks(1, List.of(new byte[] {1, 2, 3}, new byte[0]), REPLICA),
        new ReadReply(1, 7, 4, result.digest(), result, REPLICA),
        new StatusReport(
            9, 1, true, 6, 4, 2, 3, 1, "wätet", List.of(new StatusReport.Count("X", 5)), REPLICA),
        new Busy(1, 2, true, 3, REPLICA),
        new RequestMessage(together.get(2), false));
  }

  private static ViewChange viewChange() {
    return Changes.of(3, REPLICA)
        .stable(4, D)
        .held(8, E)
        .prepared(5, D, 1)
        .prepared(6, E, 2)
        .prePrepared(5, E, 0)
        .done();
  }

  private static NewView newView() {
    List<NewView.Support> names =
        List.of(new NewView.Support(0, D), new NewView.Support(1, E), new NewView.Support(2, D));
    return new NewView(6, names, 4, D, List.of(D, Batch.NULL.digest(), E), REPLICA);
  }

  private static Relay relay(Peers peers) {
    return new Relay(
        List.of(peers.seal(1, new Checkpoint(4, D, 1)), peers.seal(REPLICA, viewChange())),
        REPLICA);
  }

  /** The same message, whose batch does not know its encoding any more: encoding it is work. */
  public static Message anew(Message message) {
    if (message instanceof PrePrepare m) {
      return new PrePrepare(m.view(), m.sequence(), m.digest(), anew(m.batch()), m.replica());
    }
    return message instanceof BatchBody m
        ? new BatchBody(m.sequence(), anew(m.batch()), m.replica())
        : message;
  }

  private static Batch anew(Batch batch) {
    return new Batch(batch.time(), batch.requests());
  }
}
