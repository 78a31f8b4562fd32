/** The smallest replicated service: one number, and how a program embeds it. */
package io.pbft.examples.counter;
