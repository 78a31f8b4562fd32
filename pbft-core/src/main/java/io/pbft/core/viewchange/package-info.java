/**
 * The view change without transferable prepared certificates: P, Q and one pure decision (TOCS,
 * section 4.5 and figure 4).
 */
package io.pbft.core.viewchange;
