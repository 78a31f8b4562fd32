/**
 * The kill matrix: each defence of the code is switched off once, and an attack that is harmless
 * with it must then break something. What no attack misses is listed with the reason.
 */
package io.pbft.lab.matrix;
