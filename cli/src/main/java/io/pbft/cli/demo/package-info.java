/** {@code pbft demo}: a cluster of processes through a crash and a treason, told as it happens. */
package io.pbft.cli.demo;
