/** Everything that is compared, and the page that shows it. */
package io.pbft.compare.report;
