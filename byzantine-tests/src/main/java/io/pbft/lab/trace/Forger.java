package io.pbft.lab.trace;

import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Batch;
import io.pbft.core.message.BatchBody;
import io.pbft.core.message.Checkpoint;
import io.pbft.core.message.Commit;
import io.pbft.core.message.Committed;
import io.pbft.core.message.Complaint;
import io.pbft.core.message.Envelope;
import io.pbft.core.message.NewView;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.Prepare;
import io.pbft.core.message.ReplicaMessage;
import io.pbft.core.message.Request;
import io.pbft.core.message.Status;
import io.pbft.core.message.ViewChange;
import io.pbft.crypto.Digest;
import io.pbft.crypto.Principal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Makes messages that a traitor's own key signs and no honest core would send. */
final class Forger {
  private final Cluster cluster;

  Forger(Cluster cluster) {
    this.cluster = cluster;
  }

  /** {@code forge rX TYPE fields… to rY… [over rZ]}: arrives at once. */
  void forge(Arguments arguments) {
    int author = Arguments.replica(arguments.next("the traitor"));
    List<Integer> to = arguments.replicas("to", cluster.config().n());
    List<Integer> over = arguments.replicas("over", cluster.config().n());
    if (to == null) {
      throw new TraceException("'to' is missing");
    }
    ReplicaMessage message = make(author, arguments.next("a message type"), arguments);
    arguments.finish();
    Envelope envelope = cluster.sealerOf(author).seal(message);
    String description = cluster.describer().message(message, envelope.digest());
    byte[] payload = cluster.sealerOf(author).payload(envelope);
    int link = over == null ? author : over.get(0);
    for (int receiver : to) {
      String lie = (link == author ? "" : "(as r" + author + ") ") + "[forged] ";
      cluster.arrive(Principal.replica(link), receiver, lie + description, payload);
    }
  }

  private ReplicaMessage make(int author, String type, Arguments a) {
    long view = a.number("v", 0);
    long sequence = a.number("s", 1);
    switch (type) {
      case "PRE-PREPARE" -> {
        Batch batch = batch(a);
        String claimed = a.option("d", null);
        return new PrePrepare(
            view, sequence, claimed == null ? batch.digest() : digest(claimed), batch, author);
      }
      case "PREPARE" -> {
        return new Prepare(view, sequence, digest(a.option("d", "lie")), author);
      }
      case "COMMIT" -> {
        return new Commit(view, sequence, digest(a.option("d", "lie")), author);
      }
      case "CHECKPOINT" -> {
        return new Checkpoint(sequence, state(a.option("d", "lie")), author);
      }
      case "VIEW-CHANGE" -> {
        return viewChange(view, author, a);
      }
      case "NEW-VIEW" -> {
        return newView(view, author, a);
      }
      case "COMMITTED" -> {
        return new Committed(sequence, digests(a.option("d", "[lie]")), author);
      }
      case "STATUS" -> {
        return status(view, author, a);
      }
      case "BATCH-BODY" -> {
        return new BatchBody(sequence, batch(a), author);
      }
      default -> throw new TraceException("cannot forge " + type);
    }
  }

  private static Status status(long view, int author, Arguments a) {
    boolean active = !a.take("changing");
    long nonce = a.number("nonce", 0);
    Complaint complaint = complaint(a);
    return new Status(
        view, active, a.number("h", 0), a.number("executed", 0), nonce, complaint, author);
  }

  private static Complaint complaint(Arguments a) {
    if (a.take("late")) {
      return Complaint.PRIMARY_LATE;
    }
    return a.take("unvouched") ? Complaint.UNVOUCHED : Complaint.NONE;
  }

  private Digest digest(String name) {
    return cluster.names().batchNamed(name);
  }

  private Digest state(String name) {
    return cluster.names().stateNamed(name);
  }

  private List<Digest> digests(String list) {
    return Arguments.list(list, " ").stream().map(this::digest).toList();
  }

  /** Either {@code batch=A} or a list of requests in brackets, and {@code time=±ms}. */
  private Batch batch(Arguments a) {
    String known = a.option("batch", null);
    if (known != null) {
      return cluster.names().bodyNamed(known);
    }
    long time = cluster.nowMillis() + a.number("time", 0);
    List<AuthenticatedRequest> requests = new ArrayList<>();
    for (String item : Arguments.list(a.next("the requests of the batch"), ",")) {
      requests.add(request(Arguments.of(item)));
    }
    return new Batch(time, requests);
  }

  /** {@code c0:1 "a=1" [signed | right-for rX… | invented]}. */
  private AuthenticatedRequest request(Arguments a) {
    String[] id = a.next("a request").split(":");
    if (id.length != 2 || !id[0].matches("c\\d+")) {
      throw new TraceException("a request looks like c0:1 \"a=1\"");
    }
    int client = Integer.parseInt(id[0].substring(1));
    long timestamp = Arguments.number(id[1]);
    byte[] operation = a.quoted().getBytes(StandardCharsets.UTF_8);
    boolean signed = a.take("signed");
    boolean invented = a.take("invented");
    List<Integer> rightFor = a.replicas("right-for", cluster.config().n());
    a.finish();
    Request request = new Request(client, 1, timestamp, 1, Request.Kind.WRITE, operation);
    List<Integer> all = IntStream.range(0, cluster.config().n()).boxed().toList();
    return cluster.authenticate(
        request, signed, invented ? List.of() : rightFor == null ? all : rightFor);
  }

  /** {@code v=1 h=0 C=[0:S0] P=[1:A@0] Q=[1:A@0]}; C defaults to h with the initial state. */
  private ViewChange viewChange(long view, int author, Arguments a) {
    long stable = a.number("h", 0);
    List<ViewChange.Held> held = new ArrayList<>();
    for (String item : Arguments.list(a.option("C", "[" + stable + ":S0]"), " ")) {
      held.add(held(item));
    }
    List<ViewChange.Entry> prepared = entries(a.option("P", "[]"));
    List<ViewChange.Entry> prePrepared = entries(a.option("Q", "[]"));
    return new ViewChange(view, stable, held, prepared, prePrepared, author);
  }

  private ViewChange.Held held(String item) {
    String[] parts = item.split(":");
    if (parts.length != 2) {
      throw new TraceException("a checkpoint looks like 4:S1, not " + item);
    }
    return new ViewChange.Held(Arguments.number(parts[0]), state(parts[1]));
  }

  private List<ViewChange.Entry> entries(String list) {
    List<ViewChange.Entry> entries = new ArrayList<>();
    for (String item : Arguments.list(list, " ")) {
      String[] parts = item.split("[:@]");
      if (parts.length != 3) {
        throw new TraceException("an entry looks like 1:A@0, not " + item);
      }
      entries.add(
          new ViewChange.Entry(
              Arguments.number(parts[0]), digest(parts[1]), Arguments.number(parts[2])));
    }
    return entries;
  }

  /** {@code v=1 V=[r1 r2 r3] start=0:S0 X=[A null]}. */
  private NewView newView(long view, int author, Arguments a) {
    List<NewView.Support> support = new ArrayList<>();
    for (String name : Arguments.list(a.option("V", "[]"), " ")) {
      int supporter = Arguments.replica(name.replaceAll("['?]", ""));
      support.add(new NewView.Support(supporter, cluster.names().viewChangeNamed(name, view)));
    }
    ViewChange.Held start = held(a.option("start", "0:S0"));
    List<Digest> choices = digests(a.option("X", "[]"));
    return new NewView(view, support, start.sequence(), start.digest(), choices, author);
  }
}
