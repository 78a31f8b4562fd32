/**
 * Replicas that lie: an honest core whose effects are rewritten. What a traitor sends is sealed
 * with its own key, like everything else it sends; it cannot speak for others.
 */
package io.pbft.lab.traitor;
