package io.pbft.core.message;

/** Anything that crosses the network. */
public sealed interface Message permits RequestMessage, ReplicaMessage, ReadRequest, StatusQuery {
  MessageType type();
}
