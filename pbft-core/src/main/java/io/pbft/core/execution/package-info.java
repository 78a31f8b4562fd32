/** Execution in sequence order, the client table, replies, and unordered reads. */
package io.pbft.core.execution;
