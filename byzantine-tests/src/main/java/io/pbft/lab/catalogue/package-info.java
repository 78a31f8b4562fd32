/** The catalogue of attacks: what there is, what is at stake, and how each is played. */
package io.pbft.lab.catalogue;
