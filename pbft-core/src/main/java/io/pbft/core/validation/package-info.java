/**
 * The one door from bytes to {@link io.pbft.core.validation.Verified} messages, and the keys it
 * needs. Nothing else can make a {@code Verified}, so nothing unverified reaches the core.
 */
package io.pbft.core.validation;
