package io.pbft.lab.report;

import io.pbft.core.message.Message;
import io.pbft.core.message.Reason;
import io.pbft.crypto.Digest;
import java.util.ArrayList;
import java.util.List;

/** One message from one sender to one receiver, and what became of it. */
final class Flight {
  /** How a message ended. */
  enum Fate {
    ARRIVED(0),
    /** The network lost it. */
    LOST(1),
    /** The script took it away, or nobody was there to receive it. */
    TAKEN(2),
    /** The traitor kept it to itself. */
    WITHHELD(3),
    /** The run ended before it arrived. */
    ON_ITS_WAY(4);

    private final int code;

    Fate(int code) {
      this.code = code;
    }

    /** For the page's script (data.js). */
    int code() {
      return code;
    }
  }

  /**
   * What a traitor did.
   *
   * @param honest what its core wanted to say, or null
   */
  record Lie(String action, Message honest) {}

  final int number;
  final long sentMicros;
  final int from;
  final int to;
  final Message message;
  final int bytes;

  /** The flight whose arrival made the sender send this one; -1 where nothing did. */
  final int cause;

  final List<Reason> refusals = new ArrayList<>();
  Reason deferred;
  Lie lie;
  Fate fate = Fate.ON_ITS_WAY;
  long arrivedMicros = -1;
  long view;
  long slot;
  Digest digest;

  Flight(int number, long sentMicros, int from, int to, Message message, int bytes, int cause) {
    this.number = number;
    this.sentMicros = sentMicros;
    this.from = from;
    this.to = to;
    this.message = message;
    this.bytes = bytes;
    this.cause = cause;
    this.view = MessageFields.view(message);
    this.slot = MessageFields.slot(message);
    this.digest = MessageFields.digest(message);
  }

  boolean isLie() {
    return lie != null;
  }

  String kind() {
    return MessageFields.kind(message);
  }
}
