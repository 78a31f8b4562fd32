package io.pbft.bench.jmh;

import io.pbft.client.core.ClientConfig;
import io.pbft.client.core.ClientCore;
import io.pbft.client.core.ClientEffect;
import io.pbft.client.core.ClientEvent;
import io.pbft.core.ProtocolConfig;
import io.pbft.core.message.Message;
import io.pbft.core.message.Reply;
import io.pbft.core.message.Request;
import io.pbft.core.message.Result;
import io.pbft.core.validation.Admission;
import io.pbft.core.validation.Gatekeeper;
import io.pbft.core.validation.Verified;
import io.pbft.crypto.Principal;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The client's side of one operation: begun, and four replies matched, door included. */
@State(Scope.Thread)
public class ClientBenchmark {
  private final Pieces pieces = new Pieces(ProtocolConfig.of(4));
  private final Gatekeeper door = pieces.clientDoor();
  private final ClientCore core =
      new ClientCore(ClientConfig.of(Pieces.CLIENT, Pieces.SESSION, pieces.config));
  private final Result result = new Result(Result.Outcome.OK, new byte[0]);
  private long number;

  @Setup
  public void connect() {
    for (int i = 0; i < 4; i++) {
      core.step(new ClientEvent.Connected(1, i));
    }
  }

  @Benchmark
  public List<ClientEffect> operation() {
    number++;
    core.step(new ClientEvent.Invoke(1, number, Request.Kind.WRITE, new byte[0]));
    List<ClientEffect> last = List.of();
    for (int i = 0; i < 4; i++) {
      last = core.step(new ClientEvent.Delivered(1, reply(i)));
    }
    return last;
  }

  private Verified<? extends Message> reply(int replica) {
    // One replica sends the whole result, the others its digest.
    Result whole = replica == 0 ? result : null;
    Reply reply =
        new Reply(0, Pieces.CLIENT, Pieces.SESSION, number, result.digest(), whole, replica);
    byte[] payload = pieces.codec.unsignedPayload(reply);
    return ((Admission.Admitted) door.admit(Principal.replica(replica), payload)).message();
  }
}
