package io.pbft.lab.trace;

import io.pbft.core.CoreStatus;
import io.pbft.core.ProtocolConfig;
import io.pbft.core.TimerKind;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.ReadRequest;
import io.pbft.core.message.Request;
import io.pbft.core.message.RequestMessage;
import io.pbft.core.spi.Recovered;
import io.pbft.core.validation.AuthenticationMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Carries out the commands of one trace. */
final class Interpreter {
  private Cluster cluster;

  /** Carries one command out; returns its transcript. */
  String run(String line) {
    Arguments arguments = Arguments.of(line);
    boolean quietly = arguments.take("quietly");
    String verb = arguments.next("a command");
    if (verb.equals("cluster")) {
      return build(arguments);
    }
    if (cluster == null) {
      throw new TraceException("the first command must be 'cluster'");
    }
    perform(verb, arguments);
    arguments.finish();
    String told = cluster.transcript().take();
    return quietly || told.isEmpty() ? "ok\n" : told;
  }

  private String build(Arguments a) {
    int n = (int) a.number("n", 4);
    int interval = (int) a.number("checkpoint", 4);
    ProtocolConfig config =
        ProtocolConfig.of(n).toBuilder()
            .checkpointInterval(interval)
            .logWindow((int) a.number("window", 2L * interval))
            .history(0)
            .pipeline((int) a.number("pipeline", 2))
            .clientWindow((int) a.number("client-window", 8))
            .sessionsPerClient((int) a.number("sessions", 4))
            .requestTimeoutMillis(a.number("request-timeout", 300))
            .viewChangeTimeoutMillis(a.number("view-timeout", 400))
            .viewChangeTimeoutCapMillis(a.number("view-timeout-cap", 1600))
            .statusIntervalMillis(a.number("status-interval", 100))
            .maxClockSkewMillis(a.number("skew", 5000))
            .clientSignatures(a.take("signed-requests"))
            .build();
    int clients = (int) a.number("clients", 1);
    String mode = a.option("mode", "mac").toUpperCase(Locale.ROOT);
    boolean tellsPersistence = a.take("tell-persistence");
    a.finish();
    cluster = new Cluster(config, AuthenticationMode.valueOf(mode), clients, tellsPersistence);
    var q = config.quorums();
    return String.format(
        Locale.ROOT,
        "n=%d f=%d quorum=%d weak=%d, checkpoint every %d, window %d%n",
        n,
        q.f(),
        q.quorum(),
        q.weak(),
        interval,
        config.logWindow());
  }

  private void perform(String verb, Arguments a) {
    int n = cluster.config().n();
    switch (verb) {
      case "request" -> request(a);
      case "read" -> read(a);
      case "deliver" -> deliver(a);
      case "stabilize" -> cluster.stabilize(Flight.Selection.take(a, n));
      case "drop" -> drop(a);
      case "repeat" -> cluster.deliver(matching(Flight.Selection.take(a, n)));
      case "in-flight" -> matching(Flight.Selection.take(a, n)).forEach(f -> note(f, "will get"));
      case "timer" -> timer(a);
      case "advance" -> advance(a);
      case "cut" -> a.replicas(n).forEach(cluster::cut);
      case "heal" -> cluster.heal();
      case "crash" -> a.replicas(n).forEach(i -> cluster.replica(i).crash());
      case "restart" -> restart(a);
      case "corrupt" -> corrupt(a);
      case "forge" -> new Forger(cluster).forge(a);
      default -> report(verb, a);
    }
  }

  private void report(String verb, Arguments a) {
    switch (verb) {
      case "status" -> replicasOrAll(a).forEach(this::status);
      case "log" -> replicasOrAll(a).forEach(this::log);
      case "state" -> replicasOrAll(a).forEach(this::state);
      case "timers" -> replicasOrAll(a).forEach(this::timers);
      case "answers" -> cluster.replies().summary().forEach(cluster.transcript()::note);
      default -> throw new TraceException("there is no command '" + verb + "'");
    }
  }

  private List<Integer> replicasOrAll(Arguments a) {
    int n = cluster.config().n();
    return a.isEmpty() ? IntStream.range(0, n).boxed().toList() : a.replicas(n);
  }

  private List<Flight> matching(Flight.Selection selection) {
    return cluster.inFlight().stream().filter(selection::matches).toList();
  }

  private void note(Flight f, String verb) {
    String what = verb + " r" + f.from() + "'s " + f.description();
    cluster.transcript().begin("r" + f.to(), what);
  }

  // Clients

  /** {@code request c0 t=1 "a=1" to r0 [signed] [right-for rX…] [full] [read] [ack=N]}. */
  private void request(Arguments a) {
    int n = cluster.config().n();
    List<Integer> to = a.replicas("to", n);
    List<Integer> rightFor = a.replicas("right-for", n);
    boolean signed = a.take("signed");
    boolean full = a.take("full");
    Request.Kind kind = a.take("read") ? Request.Kind.READ : Request.Kind.WRITE;
    long timestamp = a.number("t", 1);
    long acknowledged = a.number("ack", 1);
    long session = a.number("session", 1);
    int client = client(a.next("a client"));
    byte[] operation = a.quoted().getBytes(StandardCharsets.UTF_8);
    Request request = new Request(client, session, timestamp, acknowledged, kind, operation);
    List<Integer> all = IntStream.range(0, n).boxed().toList();
    AuthenticatedRequest body =
        cluster.authenticate(request, signed, rightFor == null ? all : rightFor);
    for (int replica : to == null ? List.of(0) : to) {
      cluster.fromClient(client, replica, new RequestMessage(body, full));
    }
  }

  /** {@code read c0 #1 "a" to all [stale]}. */
  private void read(Arguments a) {
    List<Integer> to = a.replicas("to", cluster.config().n());
    boolean stale = a.take("stale");
    int client = client(a.next("a client"));
    long nonce = Arguments.number(a.next("a nonce like #1").replace("#", ""));
    byte[] operation = a.quoted().getBytes(StandardCharsets.UTF_8);
    for (int replica : to == null ? replicasOrAll(a) : to) {
      cluster.fromClient(client, replica, new ReadRequest(client, 1, nonce, !stale, operation));
    }
  }

  private static int client(String word) {
    if (!word.matches("c\\d+")) {
      throw new TraceException("'" + word + "' is no client");
    }
    return Integer.parseInt(word.substring(1));
  }

  // Network and time

  private void deliver(Arguments a) {
    List<Flight> flights = cluster.take(Flight.Selection.take(a, cluster.config().n()));
    if (flights.isEmpty()) {
      throw new TraceException("nothing of that kind is on its way");
    }
    cluster.deliver(flights);
  }

  private void drop(Arguments a) {
    List<Flight> dropped = cluster.take(Flight.Selection.take(a, cluster.config().n()));
    if (dropped.isEmpty()) {
      throw new TraceException("nothing of that kind is on its way");
    }
    dropped.forEach(f -> note(f, "never gets"));
  }

  /** {@code timer [stale] REQUEST r1…}: the clock moves to the deadline, and the timer fires. */
  private void timer(Arguments a) {
    boolean stale = a.take("stale");
    TimerKind kind = kind(a.next("a timer"));
    boolean all = "all".equals(a.peek());
    for (int id : a.replicas(cluster.config().n())) {
      TracedReplica replica = cluster.replica(id);
      TracedReplica.Armed armed = replica.timers().get(kind);
      if (all && armed == null) {
        continue;
      }
      if (armed != null && !stale) {
        cluster.advanceTo(armed.deadline());
      }
      String which = (stale ? "stale timer " : "timer ") + Narrator.name(kind);
      cluster.transcript().begin(replica.name(), which + " at " + cluster.millis() + "ms");
      if (stale) {
        replica.fireStale(kind);
      } else {
        replica.fire(kind);
      }
      cluster.tellNews();
    }
  }

  private static TimerKind kind(String word) {
    for (TimerKind kind : TimerKind.values()) {
      if (Narrator.name(kind).equals(word)) {
        return kind;
      }
    }
    throw new TraceException("'" + word + "' is no timer");
  }

  private void advance(Arguments a) {
    String by = a.next("a time like 300ms");
    cluster.advanceTo(cluster.millis() + Arguments.number(by.replace("ms", "")));
    cluster.transcript().note("it is " + cluster.millis() + "ms");
  }

  private void restart(Arguments a) {
    boolean amnesiac = a.take("amnesiac");
    boolean newborn = a.take("newborn");
    for (int id : a.replicas(cluster.config().n())) {
      if (!cluster.replica(id).isCrashed()) {
        throw new TraceException("r" + id + " has not crashed");
      } else if (amnesiac) {
        cluster.restartWith(id, Recovered.amnesiac(), "restarts without its memory");
      } else if (newborn) {
        cluster.restartWith(id, Recovered.first(), "starts as if it had never been");
      } else {
        cluster.restart(id);
      }
    }
  }

  private void corrupt(Arguments a) {
    int id = Arguments.replica(a.next("a replica"));
    cluster.replica(id).machine().execute(a.quoted().getBytes(StandardCharsets.UTF_8), null);
  }

  // Reports

  private void status(int id) {
    TracedReplica replica = cluster.replica(id);
    if (replica.isCrashed()) {
      cluster.transcript().note("r" + id + " crashed");
      return;
    }
    CoreStatus s = replica.status();
    String view = s.active() ? "in v" + s.view() : "asks for v" + s.view();
    String waits = s.waitingFor().isEmpty() ? "" : "; waits for: " + s.waitingFor();
    String diverged = s.divergences() == 0 ? "" : ", diverged " + s.divergences();
    String counts = ", executed " + s.lastExecuted() + ", stable " + s.stableCheckpoint();
    cluster
        .transcript()
        .note("r" + id + " " + view + counts + ", log " + s.logSize() + diverged + waits);
  }

  private void log(int id) {
    cluster.transcript().begin("r" + id, "log");
    cluster.replica(id).history().tell(cluster.names(), cluster.transcript());
  }

  private void state(int id) {
    cluster.transcript().begin("r" + id, cluster.replica(id).machine().contents().toString());
  }

  private void timers(int id) {
    List<String> armed = new ArrayList<>();
    cluster
        .replica(id)
        .timers()
        .forEach(
            (kind, timer) -> armed.add(Narrator.name(kind) + " at " + timer.deadline() + "ms"));
    String text = armed.stream().collect(Collectors.joining(", "));
    cluster.transcript().note("r" + id + " " + (text.isEmpty() ? "no timer" : text));
  }
}
