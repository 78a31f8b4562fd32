/**
 * State transfer: what a checkpoint certifies of the application's state, and how it is fetched.
 */
package io.pbft.core.transfer;
