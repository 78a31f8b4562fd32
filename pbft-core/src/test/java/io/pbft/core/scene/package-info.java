/**
 * One real replica core among scripted peers. Peers hold real keys, so what a scene delivers has
 * been sealed and has passed the replica's own {@code Gatekeeper}.
 */
package io.pbft.core.scene;
