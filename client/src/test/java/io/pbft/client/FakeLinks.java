package io.pbft.client;

import static io.pbft.client.TestCluster.CLIENT;

import io.pbft.core.message.Message;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Reply;
import io.pbft.core.message.Request;
import io.pbft.core.message.RequestMessage;
import io.pbft.core.message.Result;
import io.pbft.core.spi.Transport;
import io.pbft.core.validation.Admission;
import io.pbft.core.validation.Gatekeeper;
import io.pbft.core.validation.RequestKeyring;
import io.pbft.crypto.Principal;
import io.pbft.crypto.Session;
import java.util.ArrayList;
import java.util.List;

/** Links in memory: what is sent goes through the real door of its replica, and is kept there. */
final class FakeLinks implements Transport {
  final long session;
  final Transport.Listener listener;
  final List<List<Message>> received = new ArrayList<>();
  final List<Admission.Refused> refused = new ArrayList<>();
  boolean closed;
  int flushes;
  private final TestCluster cluster;
  private final List<Gatekeeper> doors = new ArrayList<>();
  private final List<RequestKeyring> keyrings = new ArrayList<>();

  FakeLinks(TestCluster cluster, long session, Transport.Listener listener) {
    this.cluster = cluster;
    this.session = session;
    this.listener = listener;
    for (int i = 0; i < cluster.config.n(); i++) {
      keyrings.add(new RequestKeyring());
      doors.add(cluster.door(Principal.replica(i), keyrings.get(i)));
      received.add(new ArrayList<>());
    }
  }

  void connectAll() {
    for (int i = 0; i < doors.size(); i++) {
      connect(i);
    }
  }

  void connect(int replica) {
    keyrings.get(replica).put(CLIENT, session, TestCluster.macKey(replica));
    listener.onConnected(
        new Session(
            Principal.client(CLIENT),
            Principal.replica(replica),
            session,
            null,
            null,
            TestCluster.macKey(replica)));
  }

  void say(int replica, Message message) {
    byte[] payload = cluster.payload(replica, message);
    // In the middle of a buffer that is reused: a listener that keeps it would notice.
    byte[] buffer = new byte[payload.length + 10];
    System.arraycopy(payload, 0, buffer, 5, payload.length);
    listener.onPayload(Principal.replica(replica), session, buffer, 5, payload.length);
    listener.onBurstEnd();
    java.util.Arrays.fill(buffer, (byte) 0);
  }

  /** Two replicas, enough of four, answer the request. */
  void answer(Request request, Result result) {
    for (int replica = 1; replica <= 2; replica++) {
      say(
          replica,
          new Reply(0, CLIENT, session, request.timestamp(), result.digest(), result, replica));
    }
  }

  List<Request> requestsAt(int replica) {
    return received.get(replica).stream()
        .filter(RequestMessage.class::isInstance)
        .map(m -> ((RequestMessage) m).request())
        .toList();
  }

  @Override
  public void sendToReplica(int replica, byte[] payload) {
    Admission admission = doors.get(replica).admit(Principal.client(CLIENT), payload);
    if (admission instanceof Admission.Admitted admitted) {
      received.get(replica).add(admitted.message().message());
    } else {
      refused.add((Admission.Refused) admission);
    }
  }

  @Override
  public void sendToClient(int client, long to, byte[] payload) {
    throw new UnsupportedOperationException(Reason.UNEXPECTED_TYPE.meaning());
  }

  @Override
  public void flush() {
    flushes++;
  }

  @Override
  public int replicasConnected() {
    return doors.size();
  }

  @Override
  public void close() {
    closed = true;
  }
}
