/**
 * The Byzantine generals (Lamport, Shostak, Pease, TOPLAS 1982): OM(m) with oral messages, SM(m)
 * with signed ones, in synchronous rounds.
 *
 * <p>Generals are numbered from 0; general 0 is the commander, the others are his lieutenants.
 * {@link io.pbft.compare.generals.OralGeneral} and {@link io.pbft.compare.generals.SignedGeneral}
 * are the loyal ones: pure, a round's messages in, the next round's out. A traitor is a loyal one
 * whose messages a script rewrites. What the paper assumes is what the two battles provide: a
 * message arrives as it was sent (A1), its receiver knows its sender (A2), its absence is noticed
 * at the end of the round (A3).
 */
package io.pbft.compare.generals;
