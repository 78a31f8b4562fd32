package io.pbft.bench.jmh;

import io.pbft.core.Effect;
import io.pbft.core.Event;
import io.pbft.core.ProtocolConfig;
import io.pbft.core.message.RequestMessage;
import io.pbft.core.message.Result;
import io.pbft.core.replica.Replica;
import io.pbft.core.spi.Recovered;
import io.pbft.core.validation.Admission;
import io.pbft.core.validation.Gatekeeper;
import io.pbft.core.validation.Sealer;
import io.pbft.crypto.Digest;
import io.pbft.crypto.Principal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Four replica cores without links, threads and disks: codec, doors and steps, checkpoints
 * included. A request each, of 100 that the primary orders in two batches (it has one in flight at
 * a time), with what the client does to authenticate it.
 */
@State(Scope.Thread)
public class CoreBenchmark {
  private static final Result DONE = new Result(Result.Outcome.OK, new byte[0]);

  private record Hop(int to, Principal from, byte[] payload, Event event) {}

  private final Pieces pieces = new Pieces(config());
  private final List<Replica> replicas = new ArrayList<>();
  private final List<Gatekeeper> doors = new ArrayList<>();
  private final List<Sealer> sealers = new ArrayList<>();
  private final ArrayDeque<Hop> hops = new ArrayDeque<>();
  private long now = 1_000_000;
  private long timestamp;
  private long executed;

  private static ProtocolConfig config() {
    return ProtocolConfig.of(4).toBuilder().pipeline(1).build();
  }

  @Setup
  public void start() {
    for (int i = 0; i < 4; i++) {
      sealers.add(pieces.sealer(i));
      doors.add(pieces.replicaDoor(i));
      replicas.add(new Replica(i, pieces.config, sealers.get(i)));
      hops.add(new Hop(i, null, null, new Event.Started(now, Recovered.first())));
    }
    run();
  }

  @Benchmark
  @OperationsPerInvocation(Pieces.BATCH)
  public long order() {
    now++;
    Sealer client = pieces.clientSealer();
    for (int i = 0; i < Pieces.BATCH; i++) {
      RequestMessage m = new RequestMessage(pieces.request(++timestamp, new byte[0]), false);
      hops.add(new Hop(0, Principal.client(Pieces.CLIENT), client.payload(m), null));
    }
    run();
    if (executed != 4 * timestamp) {
      throw new IllegalStateException(executed + " executed of " + 4 * timestamp);
    }
    return executed;
  }

  private void run() {
    for (Hop hop = hops.poll(); hop != null; hop = hops.poll()) {
      Event event = hop.event;
      if (event == null) {
        Admission admission = doors.get(hop.to).admit(hop.from, hop.payload);
        event = new Event.Delivered(now, ((Admission.Admitted) admission).message());
      }
      for (Effect effect : replicas.get(hop.to).step(event)) {
        perform(hop.to, effect);
      }
    }
  }

  private void perform(int self, Effect effect) {
    if (effect instanceof Effect.Broadcast e) {
      Sealer sealer = sealers.get(self);
      byte[] payload =
          e.sealed() == null ? sealer.payload(e.message()) : sealer.payload(e.sealed());
      for (int to = 0; to < replicas.size(); to++) {
        if (to != self) {
          hops.add(new Hop(to, Principal.replica(self), payload, null));
        }
      }
    } else if (effect instanceof Effect.Send e) {
      Sealer sealer = sealers.get(self);
      byte[] payload =
          e.sealed() == null ? sealer.payload(e.message()) : sealer.payload(e.sealed());
      hops.add(new Hop(e.to(), Principal.replica(self), payload, null));
    } else if (effect instanceof Effect.Execute e) {
      executed += e.requests().size();
      List<Result> results = e.requests().stream().map(each -> DONE).toList();
      hops.addFirst(new Hop(self, null, null, new Event.Executed(now, e.sequence(), results)));
    } else if (effect instanceof Effect.TakeSnapshot e) {
      Event taken = new Event.SnapshotTaken(now, e.sequence(), Digest.of(e.meta()));
      hops.add(new Hop(self, null, null, taken));
    } else if (effect instanceof Effect.Answer e) {
      sealers.get(self).payload(e.message());
    }
  }
}
