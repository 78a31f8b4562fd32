package io.pbft.bench.jmh;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.codec.Decoded;
import io.pbft.core.message.Batch;
import io.pbft.core.message.Commit;
import io.pbft.core.message.Message;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.Prepare;
import io.pbft.core.message.Reply;
import io.pbft.core.message.RequestMessage;
import io.pbft.core.message.Result;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A message to bytes and back; a pre-prepare has 100 requests. */
@State(Scope.Thread)
public class CodecBenchmark {
  /** Which message. */
  @Param({"REQUEST", "PRE_PREPARE", "PREPARE", "COMMIT", "REPLY"})
  public String type;

  private Pieces pieces;
  private Message message;
  private byte[] encoded;

  @Setup
  public void prepare() {
    pieces = new Pieces(ProtocolConfig.of(4));
    Batch batch = pieces.batch(Pieces.BATCH);
    Result result = new Result(Result.Outcome.OK, new byte[0]);
    message =
        switch (type) {
          case "REQUEST" -> new RequestMessage(batch.requests().get(0), false);
          case "PRE_PREPARE" -> new PrePrepare(0, 1, batch.digest(), batch, 0);
          case "PREPARE" -> new Prepare(0, 1, batch.digest(), 1);
          case "COMMIT" -> new Commit(0, 1, batch.digest(), 1);
          default -> new Reply(0, Pieces.CLIENT, Pieces.SESSION, 1, result.digest(), result, 1);
        };
    encoded = pieces.codec.encode(message);
  }

  @Benchmark
  public byte[] encode() {
    return pieces.codec.encode(message);
  }

  @Benchmark
  public Decoded decode() {
    return pieces.codec.decode(encoded);
  }
}
