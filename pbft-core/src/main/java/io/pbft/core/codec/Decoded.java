package io.pbft.core.codec;

import io.pbft.core.message.Message;
import io.pbft.core.message.Reason;

/** What came of decoding. */
public sealed interface Decoded {
  record Ok(Message message) implements Decoded {}

  record Failed(Reason reason) implements Decoded {}
}
