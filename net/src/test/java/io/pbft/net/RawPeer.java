package io.pbft.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.crypto.Handshake;
import io.pbft.crypto.HandshakeContext;
import io.pbft.crypto.Principal;
import io.pbft.crypto.SealingChannel;
import io.pbft.crypto.Session;
import io.pbft.crypto.Step;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/** The other end of a connection by plain blocking IO, free to do what no transport would. */
final class RawPeer implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 10_000;

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;
  private Session session;

  RawPeer(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(socket.getOutputStream());
  }

  /** A connection without a word said. */
  static RawPeer dial(NettyTransport transport) throws IOException {
    return new RawPeer(new Socket(World.loopback(0).getAddress(), transport.port()));
  }

  /** A connection that has finished its handshake. */
  static RawPeer link(NettyTransport transport, int replica, Principal self, long session)
      throws IOException {
    RawPeer peer = dial(transport);
    Handshake handshake = peer.begin(World.context(self), replica, session);
    peer.finish(handshake, peer.readFrame());
    return peer;
  }

  /** Takes the other side's whole handshake, and has not said a word on the link yet. */
  void answer(HandshakeContext context) throws IOException {
    Handshake handshake = Handshake.responder(context, new SecureRandom());
    Step response = handshake.receive(readFrame());
    assertThat(response).isInstanceOf(Step.Send.class);
    writeFrame(((Step.Send) response).bytes());
    Step done = handshake.receive(readFrame());
    assertThat(done).isInstanceOf(Step.Done.class);
    session = ((Step.Done) done).session();
  }

  /** Sends INIT. */
  Handshake begin(HandshakeContext context, int replica, long number) throws IOException {
    Handshake handshake =
        Handshake.initiator(context, Principal.replica(replica), number, new SecureRandom());
    writeFrame(handshake.start());
    return handshake;
  }

  /** Sends CONFIRM, and gives it. */
  byte[] finish(Handshake handshake, byte[] response) throws IOException {
    Step step = handshake.receive(response);
    assertThat(step).isInstanceOf(Step.SendAndDone.class);
    byte[] confirm = ((Step.SendAndDone) step).bytes();
    session = ((Step.SendAndDone) step).session();
    writeFrame(confirm);
    return confirm;
  }

  /** The next frame of a link, length included. */
  byte[] seal(String payload) {
    byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
    return sealPacked(
        ByteBuffer.allocate(Link.PREFIX + bytes.length).putInt(bytes.length).put(bytes).array());
  }

  /** A frame of these bytes, whatever they are. */
  byte[] sealPacked(byte[] bytes) {
    byte[] sealed = session.outbound().seal(bytes);
    return ByteBuffer.allocate(FrameReader.HEADER + sealed.length)
        .putInt(sealed.length)
        .put(sealed)
        .array();
  }

  void send(String payload) throws IOException {
    write(seal(payload));
  }

  /** The next payload that is no heartbeat. */
  String receive() throws IOException {
    String payload = receiveAny();
    while (payload.isEmpty()) {
      payload = receiveAny();
    }
    return payload;
  }

  /** The next payload; empty for a heartbeat. */
  String receiveAny() throws IOException {
    byte[] frame = readFrame();
    byte[] packed = new byte[frame.length - SealingChannel.OVERHEAD];
    assertThat(session.inbound().open(frame, 0, frame.length, packed, 0)).isTrue();
    if (packed.length == 0) {
      return "";
    }
    int first = ByteBuffer.wrap(packed).getInt();
    assertThat(first).as("one payload in the frame").isEqualTo(packed.length - Link.PREFIX);
    return new String(packed, Link.PREFIX, first, StandardCharsets.UTF_8);
  }

  void write(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  void writeLength(int length) throws IOException {
    out.writeInt(length);
    out.flush();
  }

  void writeFrame(byte[] bytes) throws IOException {
    write(
        ByteBuffer.allocate(FrameReader.HEADER + bytes.length)
            .putInt(bytes.length)
            .put(bytes)
            .array());
  }

  byte[] readFrame() throws IOException {
    byte[] frame = new byte[in.readInt()];
    in.readFully(frame);
    return frame;
  }

  /** Reads to the end; fails if there is none before the socket's time-out. */
  void awaitEnd() throws IOException {
    byte[] scrap = new byte[4096];
    try {
      int read = in.read(scrap);
      while (read >= 0) {
        read = in.read(scrap);
      }
    } catch (EOFException | SocketException end) {
      // An end, too: with bytes of ours unread over there, TCP resets.
      assertThat(end).isNotNull();
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
