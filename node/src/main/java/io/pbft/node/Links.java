package io.pbft.node;

import io.pbft.core.spi.Transport;
import io.pbft.crypto.HandshakeContext;
import io.pbft.crypto.Principal;
import io.pbft.crypto.SigningKey;
import io.pbft.net.BindFailedException;
import io.pbft.net.NettyTransport;
import io.pbft.net.TransportConfig;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.TreeMap;

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

  static Transport client(
      ClusterConfig config, HandshakeContext handshake, long session, Transport.Listener listener) {
    return NettyTransport.client(
        TransportConfig.of(config.protocol().limits()),
        handshake,
        session,
        addresses(config),
        listener);
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
