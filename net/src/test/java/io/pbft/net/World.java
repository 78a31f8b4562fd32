package io.pbft.net;

import io.pbft.core.codec.Limits;
import io.pbft.crypto.Digest;
import io.pbft.crypto.HandshakeContext;
import io.pbft.crypto.Principal;
import io.pbft.crypto.SigningKey;
import io.pbft.crypto.VerifyingKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** A cluster's keys and addresses, and the transports of a test, all closed at its end. */
final class World implements AutoCloseable {
  static final int REPLICAS = 4;
  static final int CLIENTS = 10;
  private static final byte[] CLUSTER = filled((byte) 1);

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Map<Integer, InetSocketAddress> addresses = new HashMap<>();

  static TransportConfig.Builder config() {
    return TransportConfig.builder(Limits.DEFAULT).backoffMillis(5, 50);
  }

  static HandshakeContext context(Principal self) {
    return context(self, key(self));
  }

  static HandshakeContext context(Principal self, SigningKey key) {
    return context(self, key, CLUSTER, "configuration", World::keyOf);
  }

  static HandshakeContext ofOtherCluster(Principal self) {
    return context(self, key(self), filled((byte) 2), "configuration", World::keyOf);
  }

  static HandshakeContext ofOtherConfiguration(Principal self) {
    return context(self, key(self), CLUSTER, "another", World::keyOf);
  }

  static SigningKey key(Principal principal) {
    byte[] seed = filled((byte) (principal.id() + 1));
    seed[0] = (byte) (principal.kind() == Principal.Kind.REPLICA ? 1 : 2);
    return SigningKey.fromSeed(seed);
  }

  static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  NettyTransport replica(int id, TransportConfig config, Recorder listener) throws IOException {
    return replica(id, config, listener, 0);
  }

  /** Lower ids must be there already, so that their ports are known. */
  NettyTransport replica(int id, TransportConfig config, Recorder listener, int port)
      throws IOException {
    NettyTransport transport =
        NettyTransport.replica(
            config, context(Principal.replica(id)), loopback(port), addresses, listener);
    addresses.put(id, loopback(transport.port()));
    return closeLater(transport);
  }

  NettyTransport client(int id, long session, TransportConfig config, Recorder listener) {
    return closeLater(
        NettyTransport.client(config, context(Principal.client(id)), session, addresses, listener));
  }

  NettyTransport client(
      int id, long session, TransportConfig config, Recorder listener, EventLoopThread thread) {
    HandshakeContext context = context(Principal.client(id));
    return closeLater(NettyTransport.client(config, context, session, addresses, listener, thread));
  }

  <T extends AutoCloseable> T closeLater(T closeable) {
    open.push(closeable);
    return closeable;
  }

  @Override
  public void close() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  private static VerifyingKey keyOf(Principal principal) {
    int count = principal.kind() == Principal.Kind.REPLICA ? REPLICAS : CLIENTS;
    return principal.id() < count ? key(principal).verifyingKey() : null;
  }

  private static HandshakeContext context(
      Principal self,
      SigningKey key,
      byte[] cluster,
      String configuration,
      Function<Principal, VerifyingKey> directory) {
    Digest digest = Digest.of(configuration.getBytes(StandardCharsets.US_ASCII));
    return new HandshakeContext(cluster, 1, digest, self, key, directory);
  }

  private static byte[] filled(byte value) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, value);
    return bytes;
  }
}
