package io.pbft.bench.jmh;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.execution.ClientTable;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.normal.RequestPool;
import io.pbft.core.runtime.Context;
import io.pbft.core.runtime.Defences;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The primary's pool; a request each, of 100. */
@State(Scope.Thread)
public class PoolBenchmark {
  private final Pieces pieces = new Pieces(ProtocolConfig.of(4));
  private final List<AuthenticatedRequest> requests = pieces.requests(Pieces.BATCH);

  /** In, into a batch, and out. */
  @Benchmark
  @OperationsPerInvocation(Pieces.BATCH)
  public int addTakeDrop() {
    ProtocolConfig c = pieces.config;
    ClientTable table = new ClientTable(c.sessionsPerClient(), c.clientWindow(), c.limits());
    RequestPool pool = new RequestPool(new Context(0, c, message -> null, Defences.ALL), table);
    for (AuthenticatedRequest each : requests) {
      pool.add(each, false, RequestPool.Source.CLIENT);
    }
    int taken = pool.takeBatch().size();
    pool.dropUnsigned(Pieces.CLIENT);
    return taken;
  }
}
