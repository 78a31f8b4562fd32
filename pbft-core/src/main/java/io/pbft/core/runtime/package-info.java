/**
 * What the parts of a replica share: its place in the view, the effects under construction, timers.
 */
package io.pbft.core.runtime;
