/**
 * Authenticated links over TCP: {@link io.pbft.net.NettyTransport} is the {@link
 * io.pbft.core.spi.Transport} of replicas and clients, on Netty.
 *
 * <p><b>Topology.</b> A replica listens, and dials every replica with a lower id; a client dials
 * all replicas. So there is one link for each pair, used both ways. Who dials, dials again for
 * ever, with exponential backoff and jitter.
 *
 * <p><b>Wire.</b> A frame is a length (four bytes, big-endian, of what follows) and as many bytes.
 * First come the three messages of {@link io.pbft.crypto.Handshake}, at most 1 KiB each; then each
 * frame is as many payloads as fit, each with its length, sealed by {@link
 * io.pbft.crypto.SealingChannel}, whose counter never travels. A frame without a payload is a
 * heartbeat. The length is checked before anything is allocated for it. Who can read the network
 * sees who talks to whom, when and how much, and nothing more.
 *
 * <p><b>Hostile peers.</b> All that a peer can make us hold is bounded by {@link
 * io.pbft.net.TransportConfig} in bytes, number and time. Strangers: a time limit for the
 * handshake, and a number of unfinished ones beyond which the <em>oldest</em> gives way to the
 * newest, so that no crowd of silent connections keeps a real peer out. Authenticated peers: a time
 * limit for a frame that has begun, for silence and for not reading; a bound on links, and on the
 * bytes that wait for them. What breaks a rule is refused with a {@link
 * io.pbft.core.message.Reason}, counted, reported to the listener and logged at a bounded rate; its
 * connection is closed, and the others notice nothing.
 *
 * <p>After a frame that does not open a stream can't be trusted any more, so the connection is
 * closed. What is lost with a connection or dropped before it is lost silently: the protocol's
 * status exchange makes up for it.
 *
 * <p><b>Threads.</b> One event loop thread for each transport does everything: it dials, reads,
 * opens frames, calls the listener, and seals frames in the order of sending. State without a lock
 * or a comment here belongs to it.
 */
package io.pbft.net;
