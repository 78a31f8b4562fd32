/** {@code pbft soak}: SIGKILL in a loop, under load; every acknowledged write has to survive. */
package io.pbft.cli.soak;
