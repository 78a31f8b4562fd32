/**
 * Looking for what nobody thought of: random runs (swarm), enumerated schedules, and the way back
 * from a long run that went wrong to a short one.
 */
package io.pbft.lab.search;
