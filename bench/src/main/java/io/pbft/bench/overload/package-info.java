/** More load than a cluster can bear, honest and hostile. */
package io.pbft.bench.overload;
