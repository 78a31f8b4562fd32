/** The service that does nothing: what an operation costs with it is what replication costs. */
package io.pbft.examples.nothing;
