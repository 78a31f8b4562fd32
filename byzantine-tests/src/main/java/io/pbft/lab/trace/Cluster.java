package io.pbft.lab.trace;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.codec.Codec;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Message;
import io.pbft.core.message.Request;
import io.pbft.core.message.RequestAuthenticator;
import io.pbft.core.replica.Replica;
import io.pbft.core.spi.Recovered;
import io.pbft.core.validation.AuthenticationMode;
import io.pbft.core.validation.ClusterScope;
import io.pbft.core.validation.Gatekeeper;
import io.pbft.core.validation.RequestKeyring;
import io.pbft.core.validation.Sealer;
import io.pbft.crypto.Digest;
import io.pbft.crypto.MacKey;
import io.pbft.crypto.Principal;
import io.pbft.lab.sim.Keys;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** The replicas of a trace, what is on its way between them, and the clock. */
final class Cluster {
  private static final long EPOCH_MILLIS = 1_000_000;
  private static final int MAX_DELIVERIES = 20_000;

  private final ProtocolConfig config;
  private final AuthenticationMode mode;
  private final boolean tellsPersistence;
  private final Keys keys;
  private final ClusterScope scope = new ClusterScope(Digest.of(new byte[] {9}), 0);
  private final Codec codec;
  private final Names names = new Names();
  private final Describer describer;
  private final Transcript transcript = new Transcript();
  private final Replies replies;
  private final List<RequestKeyring> keyrings = new ArrayList<>();
  private final TreeSet<String> sessions = new TreeSet<>();
  private final List<TracedReplica> replicas = new ArrayList<>();
  private final List<Flight> inFlight = new ArrayList<>();
  private final TreeSet<Integer> cut = new TreeSet<>();
  private final Map<Long, Digest> decided = new TreeMap<>();
  private long millis;

  Cluster(ProtocolConfig config, AuthenticationMode mode, int clients, boolean tellsPersistence) {
    this.config = config;
    this.mode = mode;
    this.tellsPersistence = tellsPersistence;
    this.keys = new Keys(config.n(), clients);
    this.codec = new Codec(config.limits());
    this.describer = new Describer(names, codec);
    this.replies = new Replies(config.quorums().weak(), config.quorums().quorum());
    for (int i = 0; i < config.n(); i++) {
      keyrings.add(new RequestKeyring());
      replicas.add(build(i));
    }
    transcript.begin("", "");
    replicas.forEach(r -> r.start(Recovered.first()));
    deliver(List.copyOf(inFlight));
    inFlight.clear();
    transcript.take();
  }

  private TracedReplica build(int id) {
    Sealer sealer = sealerOf(id);
    Principal self = Principal.replica(id);
    boolean signed = config.clientSignatures();
    Gatekeeper gatekeeper =
        new Gatekeeper(self, codec, scope, mode, signed, keys, keyrings.get(id));
    return new TracedReplica(this, id, new Replica(id, config, sealer), gatekeeper, sealer);
  }

  Sealer sealerOf(int replica) {
    return new Sealer(codec, scope, mode, keys.ofReplica(replica));
  }

  ProtocolConfig config() {
    return config;
  }

  boolean tellsPersistence() {
    return tellsPersistence;
  }

  Names names() {
    return names;
  }

  Describer describer() {
    return describer;
  }

  Transcript transcript() {
    return transcript;
  }

  Replies replies() {
    return replies;
  }

  TracedReplica replica(int id) {
    return replicas.get(id);
  }

  List<TracedReplica> replicas() {
    return replicas;
  }

  List<Integer> others(int id) {
    return IntStream.range(0, config.n()).filter(i -> i != id).boxed().toList();
  }

  /** Milliseconds since the trace began. */
  long millis() {
    return millis;
  }

  /** The same on the replicas' clocks. */
  long nowMillis() {
    return EPOCH_MILLIS + millis;
  }

  /** The clock never runs backwards. */
  void advanceTo(long at) {
    millis = Math.max(millis, at);
  }

  // Messages

  void send(Flight flight) {
    if (!cut.contains(flight.from()) && !cut.contains(flight.to())) {
      inFlight.add(flight);
    }
  }

  void cut(int replica) {
    cut.add(replica);
  }

  void heal() {
    cut.clear();
  }

  List<Flight> inFlight() {
    return List.copyOf(inFlight);
  }

  /** Takes out what is selected of what is on its way now, in the order of sending. */
  List<Flight> take(Flight.Selection selection) {
    List<Flight> taken = new ArrayList<>();
    for (Iterator<Flight> it = inFlight.iterator(); it.hasNext(); ) {
      Flight flight = it.next();
      if (selection.matches(flight)) {
        taken.add(flight);
        it.remove();
      }
    }
    return taken;
  }

  void deliver(List<Flight> flights) {
    for (Flight flight : flights) {
      arrive(Principal.replica(flight.from()), flight.to(), flight.description(), flight.payload());
    }
  }

  /** Delivers what is selected, and what is sent in consequence, until nothing is left. */
  int stabilize(Flight.Selection selection) {
    int delivered = 0;
    for (List<Flight> flights = take(selection); !flights.isEmpty(); flights = take(selection)) {
      deliver(flights);
      delivered += flights.size();
      if (delivered > MAX_DELIVERIES) {
        throw new TraceException("does not become quiet within " + MAX_DELIVERIES + " messages");
      }
    }
    return delivered;
  }

  /** Payload bytes reach a replica; a crashed one hears nothing. */
  void arrive(Principal peer, int to, String description, byte[] payload) {
    TracedReplica receiver = replicas.get(to);
    if (receiver.isCrashed()) {
      return;
    }
    String sender = (peer.kind() == Principal.Kind.CLIENT ? "c" : "r") + peer.id();
    transcript.begin(receiver.name(), "<- " + sender + " " + description);
    receiver.receive(peer, payload);
    tellNews();
  }

  void tellNews() {
    replies.takeNews().forEach(transcript::note);
  }

  void onExecuting(int replica, long sequence, Digest digest) {
    Digest first = decided.putIfAbsent(sequence, digest);
    if (first != null && !first.equals(digest)) {
      transcript.line(
          "AGREEMENT BROKEN: others executed " + names.batch(first) + " at s" + sequence);
    }
  }

  /** A crashed replica starts again with nothing but what it is told of itself. */
  void restartWith(int id, Recovered recovered, String how) {
    replicas.set(id, build(id));
    transcript.begin("r" + id, how);
    replicas.get(id).start(recovered);
  }

  /** A crashed replica starts again with what it had persisted. */
  void restart(int id) {
    TracedReplica earlier = replicas.get(id);
    replicas.set(id, build(id));
    replicas.get(id).inherit(earlier);
    transcript.begin("r" + id, "restarts with its journal");
    replicas.get(id).start(earlier.remains());
    tellNews();
  }

  // Clients

  /** Signed, or with a MAC vector that is right for the given replicas only. */
  AuthenticatedRequest authenticate(Request request, boolean signed, List<Integer> rightFor) {
    Sealer sealer = clientSealer(request.client());
    if (signed) {
      return new AuthenticatedRequest(request, sealer.sign(request));
    }
    List<MacKey> shared = shareKeys(request.client(), request.session());
    RequestAuthenticator.Macs macs = sealer.authenticate(request, shared);
    for (int i = 0; i < config.n(); i++) {
      if (!rightFor.contains(i)) {
        macs.tags()[i * RequestAuthenticator.Macs.TAG_LENGTH] ^= 1;
      }
    }
    return new AuthenticatedRequest(request, macs);
  }

  private List<MacKey> shareKeys(int client, long session) {
    boolean isNew = sessions.add(client + "." + session);
    List<MacKey> shared = new ArrayList<>();
    for (int i = 0; i < config.n(); i++) {
      shared.add(Keys.shared(client, session, i, 0));
      if (isNew) {
        keyrings.get(i).put(client, session, shared.get(i));
      }
    }
    return shared;
  }

  private Sealer clientSealer(int client) {
    if (keys.client(client) == null) {
      throw new TraceException("there is no client c" + client);
    }
    return new Sealer(codec, scope, mode, keys.ofClient(client));
  }

  /** A client's message reaches a replica at once. */
  void fromClient(int client, int to, Message message) {
    String description = describer.message(message, null);
    byte[] payload = clientSealer(client).payload(message);
    arrive(Principal.client(client), to, description, payload);
  }
}
