/**
 * The one encoding of each message. Kryo's {@code Output} and {@code Input} serve as buffers; every
 * serializer is written by hand, has fixed-width numbers, checks every length against the bytes
 * that remain, and refuses what it would not have written itself. Decoding is total: a value or a
 * {@link io.pbft.core.message.Reason}, never another exception.
 */
package io.pbft.core.codec;
