/** Where the processor time of an operation goes, by component. */
package io.pbft.bench.profile;
