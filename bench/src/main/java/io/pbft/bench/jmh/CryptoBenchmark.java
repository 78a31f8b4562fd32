package io.pbft.bench.jmh;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Batch;
import io.pbft.core.message.RequestAuthenticator;
import io.pbft.crypto.Authenticator;
import io.pbft.crypto.Digest;
import io.pbft.crypto.Handshake;
import io.pbft.crypto.HandshakeContext;
import io.pbft.crypto.OpeningChannel;
import io.pbft.crypto.Principal;
import io.pbft.crypto.SealingChannel;
import io.pbft.crypto.SigningKey;
import io.pbft.crypto.Step;
import java.security.SecureRandom;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** MACs, digests and signatures. */
@State(Scope.Thread)
public class CryptoBenchmark {
  private static final int FRAME = 1_024;

  private final Pieces pieces = new Pieces(ProtocolConfig.of(4));
  private final byte[] frame = new byte[FRAME];
  private final byte[] opened = new byte[FRAME];
  private final byte[] sealed = new byte[FRAME + SealingChannel.OVERHEAD];
  private final byte[] request = new byte[90];
  private final byte[] tag = new byte[Authenticator.TAG_LENGTH];
  private final SigningKey key = SigningKey.fromSeed(new byte[SigningKey.SEED_LENGTH]);
  private Authenticator authenticator;
  private SealingChannel outbound;
  private OpeningChannel inbound;
  private List<AuthenticatedRequest> requests;
  private byte[] signature;

  @Setup
  public void prepare() {
    authenticator = Pieces.shared(0).newAuthenticator();
    connect();
    requests = pieces.requests(Pieces.BATCH);
    signature = key.sign(frame);
  }

  private void connect() {
    SecureRandom random = new SecureRandom();
    Handshake from =
        Handshake.initiator(context(Principal.replica(0)), Principal.replica(1), 0, random);
    Handshake to = Handshake.responder(context(Principal.replica(1)), random);
    byte[] response = ((Step.Send) to.receive(from.start())).bytes();
    Step.SendAndDone last = (Step.SendAndDone) from.receive(response);
    outbound = last.session().outbound();
    inbound = ((Step.Done) to.receive(last.bytes())).session().inbound();
  }

  private HandshakeContext context(Principal self) {
    return new HandshakeContext(
        new byte[HandshakeContext.CLUSTER_ID_LENGTH],
        1,
        Digest.ZERO,
        self,
        key,
        principal -> key.verifyingKey());
  }

  /** What a client's authenticator has for one replica. */
  @Benchmark
  public byte[] requestMac() {
    authenticator.update(request).tag(tag, 0);
    return tag;
  }

  /** A frame of 1 KiB on a link. */
  @Benchmark
  public byte[] sealAndOpen() {
    outbound.seal(frame, 0, FRAME, sealed, 0);
    if (!inbound.open(sealed, 0, sealed.length, opened, 0)) {
      throw new IllegalStateException("what was sealed does not open");
    }
    return opened;
  }

  /** Of 100 requests whose own digests are known. */
  @Benchmark
  public Digest batchDigest() {
    return new Batch(1, requests).digest();
  }

  /** A request of 0 bytes with its digest and four MACs. */
  @Benchmark
  public AuthenticatedRequest clientRequest() {
    return pieces.request(1, new byte[0]);
  }

  @Benchmark
  public RequestAuthenticator.Signature sign() {
    return pieces.clientSealer().sign(requests.get(0).request());
  }

  @Benchmark
  public boolean verify() {
    return key.verifyingKey().verify(frame, signature);
  }
}
