/**
 * Every behaviour that traitors have, tried: by enumeration where their number allows it, and by
 * the reachable outcomes of OM's and SM's parts, with how many behaviours lead to each, everywhere.
 */
package io.pbft.compare.generals.exhaustive;
