package io.pbft.crypto;

/**
 * The outcome of a handshake: an authenticated peer, and keys for this connection alone.
 *
 * @param self who this side is
 * @param peer who the other side has proven to be
 * @param session the number chosen by the initiator, the same on both sides: a client's session id,
 *     0 for replicas
 * @param outbound seals what this side sends; one owner
 * @param inbound opens what this side receives; one owner
 * @param requestKey the same on both sides and apart from the channels', for the entry of this
 *     replica in the authenticators of this client's requests
 */
public record Session(
    Principal self,
    Principal peer,
    long session,
    SealingChannel outbound,
    OpeningChannel inbound,
    MacKey requestKey) {}
