package io.pbft.core.state;

/**
 * The time between two snapshots. A node may be changed in place while its epoch lasts; afterwards
 * a snapshot may have it.
 */
final class Epoch {}
