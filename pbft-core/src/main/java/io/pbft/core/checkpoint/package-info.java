/** Checkpoints and garbage collection (OSDI'99, section 4.3). */
package io.pbft.core.checkpoint;
