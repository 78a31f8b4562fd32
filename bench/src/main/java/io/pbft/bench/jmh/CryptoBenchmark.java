package io.pbft.bench.jmh;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Batch;
import io.pbft.core.message.RequestAuthenticator;
import io.pbft.crypto.Authenticator;
import io.pbft.crypto.Digest;
import io.pbft.crypto.SigningKey;
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
  private final byte[] request = new byte[90];
  private final byte[] tag = new byte[Authenticator.TAG_LENGTH];
  private final SigningKey key = SigningKey.fromSeed(new byte[SigningKey.SEED_LENGTH]);
  private Authenticator authenticator;
  private List<AuthenticatedRequest> requests;
  private byte[] signature;

  @Setup
  public void prepare() {
    authenticator = Pieces.shared(0).newAuthenticator();
    requests = pieces.requests(Pieces.BATCH);
    signature = key.sign(frame);
  }

  /** What a client's authenticator has for one replica. */
  @Benchmark
  public byte[] requestMac() {
    authenticator.update(request).tag(tag, 0);
    return tag;
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
