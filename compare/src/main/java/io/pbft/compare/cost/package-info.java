/** What a request costs in each protocol: the formula, the measurement, and whether they agree. */
package io.pbft.compare.cost;
