package io.pbft.node;

import io.pbft.client.TransportFactory;
import io.pbft.core.spi.Transport;
import io.pbft.crypto.HandshakeContext;
import io.pbft.crypto.Principal;
import io.pbft.crypto.SigningKey;
import io.pbft.net.BindFailedException;
import io.pbft.net.EventLoopThread;
import io.pbft.net.NettyTransport;
import io.pbft.net.TransportConfig;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;

/** The one place that names the network's implementation. */
final class Links {
  private Links() {}

  static NettyTransport replica(
      ClusterConfig config, int id, SigningKey key, String listenHost, Transport.Listener listener)
      throws ConfigException {
    ReplicaInfo self = config.replicas().get(id);
    try {
      return NettyTransport.replica(
          TransportConfig.of(config.protocol().limits(), config.protocol().clientWindow()),
          config.handshake(Principal.replica(id), key),
          InetSocketAddress.createUnresolved(listenHost, self.port()),
          addresses(config),
          listener);
    } catch (BindFailedException e) {
      throw new ConfigException(
          "replica "
              + id
              + " "
              + e.getMessage()
              + "; stop what uses the port, or change host or port in "
              + ClusterConfig.FILE_NAME,
          e);
    }
  }

  /**
   * A client's.
   *
   * @param shared the thread to use, or null to have one that is closed with the client
   */
  static TransportFactory client(
      ClusterConfig config, HandshakeContext handshake, EventLoopThread shared) {
    return new ClientLinks(
        TransportConfig.of(config.protocol().limits()), handshake, addresses(config), shared);
  }

  private static final class ClientLinks implements TransportFactory {
    private final TransportConfig config;
    private final HandshakeContext handshake;
    private final Map<Integer, InetSocketAddress> addresses;
    private final boolean shares;
    private EventLoopThread thread;

    ClientLinks(
        TransportConfig config,
        HandshakeContext handshake,
        Map<Integer, InetSocketAddress> addresses,
        EventLoopThread shared) {
      this.config = config;
      this.handshake = handshake;
      this.addresses = addresses;
      this.shares = shared != null;
      this.thread = shared;
    }

    @Override
    public Transport open(long session, Transport.Listener listener) {
      return NettyTransport.client(config, handshake, session, addresses, listener, eventLoop());
    }

    @Override
    public ScheduledExecutorService thread() {
      return eventLoop().executor();
    }

    @Override
    public synchronized void close() {
      if (!shares && thread != null) {
        thread.close();
      }
    }

    // Not before it is needed: a builder may be thrown away.
    private synchronized EventLoopThread eventLoop() {
      if (thread == null) {
        thread = EventLoopThread.daemon("pbft-" + handshake.self().toString().replace(' ', '-'));
      }
      return thread;
    }
  }

  /** Not looked up yet: the transport does, each time it dials. */
  private static Map<Integer, InetSocketAddress> addresses(ClusterConfig config) {
    Map<Integer, InetSocketAddress> addresses = new TreeMap<>();
    for (ReplicaInfo replica : config.replicas()) {
      addresses.put(
          replica.id(), InetSocketAddress.createUnresolved(replica.host(), replica.port()));
    }
    return addresses;
  }
}
