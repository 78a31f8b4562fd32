package io.pbft.core.message;

/** A message that a replica authored; the author is inside what is authenticated. */
public sealed interface ReplicaMessage extends Message
    permits PrePrepare,
        Prepare,
        Commit,
        Reply,
        Checkpoint,
        ViewChange,
        NewView,
        Status,
        FetchBatch,
        BatchBody,
        Committed,
        FetchViewChange,
        Relay,
        FetchChunks,
        Chunks,
        ReadReply,
        StatusReport,
        Busy {
  /** Id of the authoring replica. */
  int replica();
}
