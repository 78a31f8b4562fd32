/** Other agreement algorithms beside PBFT, in virtual time, and what each costs. */
package io.pbft.compare;
