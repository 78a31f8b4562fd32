package io.pbft.core.driver;

import io.pbft.core.CoreStatus;
import io.pbft.core.Effect;
import io.pbft.core.Event;
import io.pbft.core.Observation;
import io.pbft.core.ProtocolConfig;
import io.pbft.core.ReplicaCore;
import io.pbft.core.codec.Codec;
import io.pbft.core.codec.Decoded;
import io.pbft.core.codec.Limits;
import io.pbft.core.message.Message;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.Prepare;
import io.pbft.core.message.Reason;
import io.pbft.core.spi.ExecutionContext;
import io.pbft.core.spi.Journal;
import io.pbft.core.spi.KeptSnapshot;
import io.pbft.core.spi.LogRecord;
import io.pbft.core.spi.Recovered;
import io.pbft.core.spi.Snapshot;
import io.pbft.core.spi.SnapshotStore;
import io.pbft.core.spi.StateMachine;
import io.pbft.core.spi.Transport;
import io.pbft.core.validation.AuthenticationMode;
import io.pbft.core.validation.ClusterScope;
import io.pbft.core.validation.Gatekeeper;
import io.pbft.core.validation.KeyDirectory;
import io.pbft.core.validation.RequestKeyring;
import io.pbft.core.validation.Sealer;
import io.pbft.crypto.Digest;
import io.pbft.crypto.Principal;
import io.pbft.crypto.SigningKey;
import io.pbft.crypto.VerifyingKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;

/**
 * A driver of replica 0 of four whose core is a script and whose ports are fakes. Tests either turn
 * it by hand, on their own thread and with their own clock, or start its thread.
 */
final class DriverHarness {
  static final SigningKey CLIENT_KEY = SigningKey.fromSeed(new byte[32]);
  private static final SigningKey REPLICA_KEY = SigningKey.fromSeed(seed(1));
  private static final ClusterScope SCOPE = new ClusterScope(Digest.ZERO, 0);

  final ProtocolConfig config;
  final Codec codec;
  final Sealer sealer;
  final Sealer clientSealer;
  final ScriptedCore core = new ScriptedCore();
  final RecordingTransport transport = new RecordingTransport();
  final ManualJournal journal = new ManualJournal();
  final SlowSnapshots snapshots = new SlowSnapshots();
  final RecordingListener listener = new RecordingListener();
  final ManualClock clock = new ManualClock();
  final Keys keys = new Keys();
  final ReplicaDriver driver;

  DriverHarness() {
    this(new EchoMachine(), Limits.DEFAULT);
  }

  DriverHarness(StateMachine machine, Limits limits) {
    config = ProtocolConfig.of(4).toBuilder().clientSignatures(true).limits(limits).build();
    codec = new Codec(limits);
    sealer = new Sealer(codec, SCOPE, AuthenticationMode.MAC, REPLICA_KEY);
    clientSealer = new Sealer(codec, SCOPE, AuthenticationMode.MAC, CLIENT_KEY);
    RequestKeyring keyring = new RequestKeyring();
    Gatekeeper gatekeeper =
        new Gatekeeper(
            Principal.replica(0), codec, SCOPE, AuthenticationMode.MAC, true, keys, keyring);
    driver =
        new ReplicaDriver(
            new ReplicaDriver.Parts(
                0,
                config,
                core,
                gatekeeper,
                keyring,
                sealer,
                machine,
                journal,
                snapshots,
                listener,
                clock));
  }

  /** Turned by hand from here on. */
  DriverHarness begin() {
    driver.connect(transport);
    driver.begin(Recovered.first());
    transport.log.clear();
    core.events.clear();
    return this;
  }

  /** A message from replica 1 comes in whose effects are these. */
  void deliver(Effect... effects) {
    core.script = event -> event instanceof Event.Delivered ? List.of(effects) : List.of();
    arrive(1);
    driver.turn();
  }

  void arrive(int replica) {
    receive(Principal.replica(replica), prepare(replica));
  }

  static Prepare prepare(int replica) {
    return new Prepare(0, 1, Digest.ZERO, replica);
  }

  void receive(Principal peer, Message message) {
    receive(peer, sealer.payload(message));
  }

  void receive(Principal peer, byte[] payload) {
    driver.transportListener().onPayload(peer, 7, payload, 0, payload.length);
    driver.transportListener().onBurstEnd();
  }

  private static byte[] seed(int first) {
    byte[] seed = new byte[32];
    seed[0] = (byte) first;
    return seed;
  }

  /** Everybody has the same key. */
  static final class Keys implements KeyDirectory {
    /** What looking up a replica's key does besides, such as to fail. */
    volatile Runnable onReplica = () -> {};

    @Override
    public VerifyingKey replica(int id) {
      onReplica.run();
      return REPLICA_KEY.verifyingKey();
    }

    @Override
    public VerifyingKey client(int id) {
      return CLIENT_KEY.verifyingKey();
    }
  }

  /** Snapshots that become durable when the test says so; at once unless it does. */
  static final class SlowSnapshots implements SnapshotStore {
    private final MemorySnapshots kept = new MemorySnapshots();
    private long durable = Long.MAX_VALUE;
    private LongConsumer listener = sequence -> {};

    /** From now on only those up to this one are durable. */
    void durableUpTo(long sequence) {
      durable = sequence;
      listener.accept(sequence);
    }

    @Override
    public void put(KeptSnapshot snapshot) {
      kept.put(snapshot);
    }

    @Override
    public KeptSnapshot get(long sequence) {
      return kept.get(sequence);
    }

    @Override
    public KeptSnapshot newest() {
      return kept.newest();
    }

    @Override
    public Digest durable(long sequence) {
      return sequence <= durable ? kept.durable(sequence) : null;
    }

    @Override
    public void onDurable(LongConsumer to) {
      listener = to;
      kept.onDurable(to);
    }

    @Override
    public void discardBelow(long stable, Collection<Long> besides) {
      kept.discardBelow(stable, besides);
    }

    @Override
    public void read(List<Digest> digests, int maxBytes, Consumer<List<byte[]>> answer) {
      kept.read(digests, maxBytes, answer);
    }

    @Override
    public List<Digest> missing(List<Digest> roots) {
      return kept.missing(roots);
    }

    @Override
    public void stage(List<byte[]> chunks) {
      kept.stage(chunks);
    }

    @Override
    public KeptSnapshot staged(long sequence, Digest root) {
      return kept.staged(sequence, root);
    }

    @Override
    public void unstage() {
      kept.unstage();
    }

    @Override
    public void close() {
      kept.close();
    }
  }

  /** Answers events by a script, and keeps them. */
  static final class ScriptedCore implements ReplicaCore {
    final List<Event> events = Collections.synchronizedList(new ArrayList<>());
    volatile Function<Event, List<Effect>> script = event -> List.of();
    private boolean stepping;

    @Override
    public List<Effect> step(Event event) {
      if (stepping) {
        throw new IllegalStateException("a step within a step");
      }
      stepping = true;
      events.add(event);
      List<Effect> effects = script.apply(event);
      stepping = false;
      return effects;
    }

    /** The messages that came. */
    List<Message> delivered() {
      return events.stream()
          .filter(Event.Delivered.class::isInstance)
          .<Message>map(event -> ((Event.Delivered) event).message().message())
          .toList();
    }

    @Override
    public CoreStatus status() {
      return new CoreStatus(3, true, 3, 41, 40, 1, 4, "waits for replica 2");
    }
  }

  /** Writes down what is sent. */
  final class RecordingTransport implements Transport {
    final List<String> log = Collections.synchronizedList(new ArrayList<>());
    final List<byte[]> payloads = Collections.synchronizedList(new ArrayList<>());
    volatile boolean closed;
    int burstEndsAsked;

    @Override
    public boolean requestBurstEnd() {
      burstEndsAsked++;
      return false;
    }

    @Override
    public void sendToReplica(int replica, byte[] payload) {
      record("replica " + replica, payload);
    }

    @Override
    public void sendToClient(int client, long session, byte[] payload) {
      record("client " + client + "." + session, payload);
    }

    @Override
    public void countRefusal(int client, int bytes) {
      log.add("refused client " + client + ", " + bytes + " bytes");
    }

    private void record(String to, byte[] payload) {
      payloads.add(payload);
      log.add(to + " " + decode(payload).type());
    }

    @Override
    public void flush() {
      log.add("flush");
    }

    @Override
    public int replicasConnected() {
      return 2;
    }

    @Override
    public void close() {
      closed = true;
    }

    Message last() {
      return decode(payloads.get(payloads.size() - 1));
    }
  }

  private Message decode(byte[] payload) {
    byte[] content = codec.envelope(payload, 0, payload.length).content();
    return ((Decoded.Ok) codec.decode(content)).message();
  }

  /** Records become durable when the test says so. */
  static final class ManualJournal implements Journal {
    final List<LogRecord> records = new ArrayList<>();
    final List<Long> discarded = new ArrayList<>();
    final CountDownLatch opened = new CountDownLatch(1);
    volatile Listener listener;
    int forces;
    volatile boolean closed;

    @Override
    public void open(Listener progress) {
      listener = progress;
      opened.countDown();
    }

    @Override
    public long append(LogRecord record) {
      records.add(record);
      return records.size();
    }

    @Override
    public void force() {
      forces++;
    }

    @Override
    public void discard(long stable) {
      discarded.add(stable);
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  /** Keeps what it hears; the latches are for tests that start the thread. */
  static final class RecordingListener implements ReplicaListener {
    final List<String> heard = Collections.synchronizedList(new ArrayList<>());
    final CountDownLatch ended = new CountDownLatch(1);
    volatile Throwable failure;
    volatile boolean throwing;

    @Override
    public void onStarted() {
      heard.add("started");
    }

    @Override
    public void onObservation(Observation observation) {
      heard.add(observation.getClass().getSimpleName());
      if (throwing) {
        throw new IllegalStateException("a bad listener");
      }
    }

    @Override
    public void onRefused(Reason reason, MessageType type, Principal peer, String detail) {
      heard.add("refused " + reason + " " + type + " of " + peer);
    }

    @Override
    public void onLinkRefused(Reason reason, Principal peer, String detail) {
      heard.add("link refused " + reason);
    }

    @Override
    public void onStopped() {
      heard.add("stopped");
      ended.countDown();
    }

    @Override
    public void onFailed(Throwable cause) {
      failure = cause;
      heard.add("failed");
      ended.countDown();
    }
  }

  /** Stands still unless moved. */
  static final class ManualClock implements DriverClock {
    long millis = 1_000_000;
    // Atomic, because a driver's own thread may wait for it to move.
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);

    @Override
    public long epochMillis() {
      return millis;
    }

    @Override
    public long nanos() {
      return nanos.get();
    }

    void advance(long byMillis) {
      millis += byMillis;
      nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(byMillis));
    }
  }

  /** Its state is the last operation; answers with it, read or written. */
  static class EchoMachine implements StateMachine {
    byte[] state = new byte[0];

    @Override
    public byte[] execute(byte[] operation, ExecutionContext context) {
      state = operation;
      return operation;
    }

    @Override
    public byte[] query(byte[] operation) {
      return ("read " + new String(state, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Snapshot snapshot() {
      return Snapshot.of(state);
    }

    @Override
    public void restore(Snapshot snapshot) {
      state = snapshot.toBytes();
    }
  }
}
