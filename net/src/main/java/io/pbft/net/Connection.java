package io.pbft.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.pbft.core.message.Reason;
import io.pbft.crypto.Handshake;
import io.pbft.crypto.HandshakeContext;
import io.pbft.crypto.HandshakeRefusal;
import io.pbft.crypto.Principal;
import io.pbft.crypto.SealingChannel;
import io.pbft.crypto.Session;
import io.pbft.crypto.Step;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One TCP connection: first a handshake, then a {@link Link}. Belongs to the event loop. Everything
 * that ends it goes through {@link #refuse}, {@link #close} or the channel's own end, and is told
 * to the hub and the dialer once.
 */
final class Connection extends ChannelInboundHandlerAdapter implements FrameReader.Sink {
  /** What Netty may hold for a connection before it counts as not writable. */
  static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(64 * 1024, 128 * 1024);

  private static final Logger LOG = LoggerFactory.getLogger(NettyTransport.class);
  private static final int HANDSHAKE_FRAME_LIMIT = 1024;

  private final Hub hub;
  private final Dialer dialer;
  private final FrameReader reader = new FrameReader(this);
  private Channel channel;
  private InetSocketAddress remote;
  // Null once the peer is authenticated; claimedPeer may be a lie, peer is not.
  private Handshake handshake;
  private Principal claimedPeer;
  private Principal peer;
  // Agreed on here, while the peer may not have it yet: until its first frame, if this side
  // dialled.
  private Session session;
  private Link link;
  // Admitted by the intake; and read from, if it is not paused.
  private boolean admitted = true;
  private boolean paused;
  private boolean reading = true;
  private boolean frameTimed;
  private boolean over;
  // By the hub's clock.
  private long openedAt;
  private long frameBegunAt;
  private long heardAt;

  /** {@code dialer} is null for a connection that was accepted. */
  Connection(Hub hub, Dialer dialer) {
    this.hub = hub;
    this.dialer = dialer;
  }

  boolean isDialled() {
    return dialer != null;
  }

  Channel channel() {
    return channel;
  }

  InetAddress remoteAddress() {
    return remote.getAddress();
  }

  /** Null before both sides have authenticated each other. */
  Link link() {
    return link;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    channel = ctx.channel();
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    remote = (InetSocketAddress) channel.remoteAddress();
    openedAt = hub.now();
    HandshakeContext context = watchingDirectory(hub.context());
    handshake =
        isDialled()
            ? Handshake.initiator(context, dialer.peer(), dialer.session(), hub.random())
            : Handshake.responder(context, hub.random());
    hub.onOpened(this);
    if (isDialled() && !over) {
      writeFrame(handshake.start());
      channel.flush();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      if (!over) {
        heardAt = hub.now();
        reader.read(in);
      }
    } finally {
      in.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (reader.inFrame() && !frameTimed) {
      frameTimed = true;
      frameBegunAt = hub.now();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (link != null && !over) {
      link.drain();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (!over && link == null && reader.inFrame()) {
      refuse(Reason.MALFORMED, "the connection ended within a handshake message");
    } else {
      close("the peer closed it");
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    onFailure(cause);
  }

  /** Closes because of the network, or of a fault of ours: what was read or sent is uncertain. */
  void onFailure(Throwable cause) {
    if (!(cause instanceof IOException)) {
      LOG.error("a connection is closed because of a failure here, {}", name(), cause);
    }
    close(Names.reason(cause));
  }

  @Override
  public int frameLimit() {
    if (peer == null) {
      return HANDSHAKE_FRAME_LIMIT;
    }
    return peer.kind() == Principal.Kind.CLIENT
        ? hub.config().clientFrameBytes()
        : hub.config().frameBytes();
  }

  @Override
  public void onTooLarge(long claimed) {
    refuse(
        Reason.FRAME_TOO_LARGE,
        "a frame of " + claimed + " bytes, at most " + frameLimit() + " are");
  }

  @Override
  public boolean onFrame(byte[] buffer, int offset, int length) {
    frameTimed = false;
    if (session == null) {
      onHandshakeMessage(Arrays.copyOfRange(buffer, offset, offset + length));
    } else {
      onSealed(buffer, offset, length);
    }
    return !over;
  }

  /** Closes because the peer broke a rule. */
  void refuse(Reason reason, String detail) {
    if (over) {
      return;
    }
    over = true;
    String line = detail + "; " + name();
    hub.reports().onRefused(peer, reason, line);
    end(line);
  }

  /** Closes for no fault of the peer's. */
  void close(String why) {
    if (!over) {
      over = true;
      end(why + "; " + name());
    }
  }

  /** Whether the intake admits the peer. */
  void setAdmitted(boolean admitted) {
    this.admitted = admitted;
    setReading(admitted && !paused);
  }

  /** Whether its client is not read from for a while. */
  void setPaused(boolean paused) {
    this.paused = paused;
    setReading(admitted && !paused);
  }

  /** A peer that we don't listen to is not late. */
  private void setReading(boolean reading) {
    if (this.reading != reading) {
      this.reading = reading;
      heardAt = hub.now();
      frameBegunAt = hub.now();
      channel.config().setAutoRead(reading);
    }
  }

  /** Regularly: closes when a time is over, sends a heartbeat when one is due. */
  void check() {
    TransportConfig config = hub.config();
    if (link == null) {
      if (hub.isOver(openedAt, config.handshakeTimeoutMillis())) {
        refuse(
            Reason.PEER_THROTTLED,
            "the handshake took more than " + config.handshakeTimeoutMillis() + " ms");
      }
      return;
    }
    if (reading && reader.inFrame() && hub.isOver(frameBegunAt, config.frameTimeoutMillis())) {
      refuse(
          Reason.PEER_THROTTLED, "a frame took more than " + config.frameTimeoutMillis() + " ms");
    } else if (hub.isOver(link.progressAt(), config.frameTimeoutMillis())) {
      refuse(
          Reason.PEER_THROTTLED,
          "nothing was taken of what waits for " + config.frameTimeoutMillis() + " ms");
    } else if (reading && hub.isOver(heardAt, config.silenceTimeoutMillis())) {
      close("silent for " + config.silenceTimeoutMillis() + " ms");
    } else {
      link.tick(hub.now());
      reader.trim();
    }
  }

  private void onHandshakeMessage(byte[] message) {
    Step step = handshake.receive(message);
    if (step instanceof Step.Send send) {
      writeFrame(send.bytes());
      channel.flush();
    } else if (step instanceof Step.SendAndDone last) {
      writeFrame(last.bytes());
      channel.flush();
      onAuthenticated(last.session());
    } else if (step instanceof Step.Done done) {
      onAuthenticated(done.session());
      onLinked();
    } else if (step instanceof Step.Refused refused) {
      refuse(reasonOf(refused.reason()), refused.detail());
    }
  }

  private void onAuthenticated(Session agreed) {
    handshake = null;
    session = agreed;
    peer = agreed.peer();
  }

  /**
   * The peer has the session's keys, too. Whoever was dialled says so by a frame, if only by a
   * heartbeat: a client whose requests overtook the end of its handshake would look like one that
   * forges MACs.
   */
  private void onLinked() {
    link = hub.onLinked(this, session);
    if (link != null) {
      hub.reports().onConnected(session);
      if (!isDialled()) {
        link.greet();
      }
    }
  }

  private void onSealed(byte[] buffer, int offset, int length) {
    int packed = length - SealingChannel.OVERHEAD;
    if (packed < 0) {
      refuse(Reason.MALFORMED, "a frame of " + length + " bytes, too short for a tag");
      return;
    }
    byte[] opened = hub.roomFor(packed);
    if (!session.inbound().open(buffer, offset, length, opened, 0)) {
      refuse(Reason.BAD_AUTH, "a frame's tag does not verify");
      return;
    }
    if (link == null) {
      onLinked();
    }
    if (packed > 0 && !over) {
      link.onPayload(hub.now());
      unpack(opened, ByteBuffer.wrap(opened, 0, packed));
      hub.onDelivered();
    }
  }

  private void unpack(byte[] buffer, ByteBuffer packed) {
    while (packed.hasRemaining() && !over) {
      int length = packed.remaining() < Link.PREFIX ? 0 : packed.getInt();
      if (length <= 0 || length > packed.remaining()) {
        refuse(Reason.MALFORMED, "a frame that is not made of payloads with their lengths");
        return;
      }
      hub.reports().onPayload(session, buffer, packed.position(), length);
      packed.position(packed.position() + length);
    }
  }

  private void end(String why) {
    LOG.debug("closed: {}", why);
    hub.onClosed(this);
    var unusedNothingFollows = channel.close();
    if (isDialled()) {
      dialer.onClosed(link == null ? 0 : hub.now() - openedAt, why);
    }
  }

  private void writeFrame(byte[] message) {
    ByteBuf frame = channel.alloc().directBuffer(FrameReader.HEADER + message.length);
    frame.writeInt(message.length).writeBytes(message);
    var unusedVoid = channel.write(frame, channel.voidPromise());
  }

  private String name() {
    String address = Names.of(remote);
    if (isDialled()) {
      return dialer.peer() + " at " + address;
    }
    if (peer != null) {
      return peer + " at " + address;
    }
    return claimedPeer == null ? address : "claims to be " + claimedPeer + " at " + address;
  }

  /** Who the peer claims to be is known only to the handshake, which asks for its key. */
  private HandshakeContext watchingDirectory(HandshakeContext context) {
    return new HandshakeContext(
        context.clusterId(),
        context.epoch(),
        context.configurationDigest(),
        context.self(),
        context.key(),
        principal -> {
          claimedPeer = principal;
          return context.directory().apply(principal);
        });
  }

  private Reason reasonOf(HandshakeRefusal refusal) {
    return switch (refusal) {
      case MALFORMED -> Reason.MALFORMED;
      case WRONG_VERSION -> Reason.UNKNOWN_TYPE;
      case WRONG_CLUSTER -> Reason.WRONG_CLUSTER;
      case WRONG_EPOCH, CONFIG_MISMATCH, WRONG_RECEIVER -> Reason.CONFIG_MISMATCH;
      case BAD_AUTH, WEAK_KEY -> Reason.BAD_AUTH;
      case UNKNOWN_PRINCIPAL ->
          claimedPeer.kind() == Principal.Kind.CLIENT
              ? Reason.UNKNOWN_CLIENT
              : Reason.UNKNOWN_REPLICA;
    };
  }
}
