/** The normal case: requests, the log, pre-prepare, prepare, commit (OSDI'99, section 4.2). */
package io.pbft.core.normal;
