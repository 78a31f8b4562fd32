package io.pbft.core.validation;

import io.pbft.core.message.Message;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.Reason;

/** What the door says of some bytes. */
public sealed interface Admission {
  record Admitted(Verified<? extends Message> message) implements Admission {}

  /** {@code type} is null when the bytes do not even say. */
  record Refused(Reason reason, MessageType type) implements Admission {}
}
