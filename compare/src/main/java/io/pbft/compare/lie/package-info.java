/**
 * One lie, several protocols: a leader that proposes one operation to all and another to one
 * follower, and is honest otherwise.
 */
package io.pbft.compare.lie;
