/**
 * The values that replicas and clients exchange: sealed {@link io.pbft.core.message.Message}
 * records, named as in Castro and Liskov's papers, and the refusal codes. Values only: nothing here
 * decides anything. Arrays inside messages are never modified after construction.
 */
package io.pbft.core.message;
