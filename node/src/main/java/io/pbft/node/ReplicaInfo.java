package io.pbft.node;

import io.pbft.crypto.VerifyingKey;

/**
 * What everybody knows of a replica.
 *
 * @param id from 0 to n-1
 * @param host a host name or address, by which the others reach it
 * @param port its TCP port
 */
public record ReplicaInfo(int id, String host, int port, VerifyingKey key) {}
