/**
 * A replica's memory on disk: the journal of what it voted for, and its snapshots. {@link
 * io.pbft.storage.Storage#open} is the way in; the file formats are in docs/journal-format.md.
 */
package io.pbft.storage;
