package io.pbft.bench.jmh;

import io.pbft.crypto.Digest;
import io.pbft.crypto.Handshake;
import io.pbft.crypto.HandshakeContext;
import io.pbft.crypto.OpeningChannel;
import io.pbft.crypto.Principal;
import io.pbft.crypto.SealingChannel;
import io.pbft.crypto.SigningKey;
import io.pbft.crypto.Step;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a link does to a frame, and an HMAC of it for comparison. */
@State(Scope.Thread)
public class FrameBenchmark {
  private static final String HMAC = "HmacSHA256";

  @Param({"100", "1024", "16384"})
  public int bytes;

  private final SigningKey key = SigningKey.fromSeed(new byte[SigningKey.SEED_LENGTH]);
  private SealingChannel outbound;
  private OpeningChannel inbound;
  private Mac hmac;
  private byte[] frame;
  private byte[] sealed;
  private byte[] opened;

  @Setup
  public void prepare() throws GeneralSecurityException {
    connect();
    hmac = Mac.getInstance(HMAC);
    hmac.init(new SecretKeySpec(new byte[32], HMAC));
    frame = new byte[bytes];
    sealed = new byte[bytes + SealingChannel.OVERHEAD];
    opened = new byte[bytes];
  }

  private void connect() {
    SecureRandom random = new SecureRandom();
    Principal replica0 = Principal.replica(0);
    Principal replica1 = Principal.replica(1);
    Handshake from = Handshake.initiator(context(replica0), replica1, 0, random);
    Handshake to = Handshake.responder(context(replica1), random);
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

  @Benchmark
  public byte[] seal() {
    outbound.seal(frame, 0, bytes, sealed, 0);
    return sealed;
  }

  @Benchmark
  public byte[] sealAndOpen() {
    outbound.seal(frame, 0, bytes, sealed, 0);
    if (!inbound.open(sealed, 0, sealed.length, opened, 0)) {
      throw new IllegalStateException("what was sealed does not open");
    }
    return opened;
  }

  @Benchmark
  public byte[] hmac() {
    return hmac.doFinal(frame);
  }
}
