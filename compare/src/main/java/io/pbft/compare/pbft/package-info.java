/** The production core of this project, in the lab's simulation, counted. */
package io.pbft.compare.pbft;
