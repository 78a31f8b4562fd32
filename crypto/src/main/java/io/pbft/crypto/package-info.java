/**
 * The cryptography of the framework: bytes in, bytes out.
 *
 * <ul>
 *   <li><b>Digests</b> — {@link io.pbft.crypto.Digest} is a SHA-256 value, {@link
 *       io.pbft.crypto.Hasher} makes one from typed fields under a domain tag.
 *   <li><b>Signatures</b> — {@link io.pbft.crypto.SigningKey} and {@link
 *       io.pbft.crypto.VerifyingKey} are Ed25519 with strict, deterministic acceptance; {@link
 *       io.pbft.crypto.KeyFiles} keeps private keys on disk.
 *   <li><b>MACs</b> — {@link io.pbft.crypto.MacKey} and {@link io.pbft.crypto.Authenticator} are
 *       AES-CMAC.
 *   <li><b>Sessions</b> — {@link io.pbft.crypto.Handshake} authenticates two principals to each
 *       other and ends in a {@link io.pbft.crypto.Session}, whose {@link
 *       io.pbft.crypto.SealingChannel} and {@link io.pbft.crypto.OpeningChannel} authenticate and
 *       encrypt a sequence of messages with AES-GCM.
 * </ul>
 *
 * <p>Nothing here starts a thread, reads a clock, or logs; only {@code KeyFiles} does IO.
 * Randomness is always an argument. Arguments that come from this process (offsets, keys of one's
 * own) are checked with exceptions; bytes that come from a peer are answered with a value and never
 * with an exception. Secrets never appear in {@code toString}, in exceptions, or in refusal
 * details.
 *
 * <p>Values and keys are immutable and thread safe. {@code Hasher}, {@code Authenticator}, {@code
 * Handshake} and the channels carry state: one owner at a time.
 */
package io.pbft.crypto;
