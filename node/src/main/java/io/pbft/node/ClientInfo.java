package io.pbft.node;

import io.pbft.crypto.VerifyingKey;

/** What everybody knows of a client. */
public record ClientInfo(int id, VerifyingKey key) {}
