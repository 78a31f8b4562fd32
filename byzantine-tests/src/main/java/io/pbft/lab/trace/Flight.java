package io.pbft.lab.trace;

import io.pbft.core.message.Commit;
import io.pbft.core.message.Message;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.NewView;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.Prepare;
import io.pbft.core.message.ViewChange;
import java.util.ArrayList;
import java.util.List;

/** A message on its way between two replicas. */
record Flight(int from, int to, Message message, String description, byte[] payload) {

  /** Which flights a command means; an absent part means any. */
  record Selection(
      List<MessageType> types, List<Integer> from, List<Integer> to, long view, long sequence) {
    private static final long ANY = -1;

    /** Takes {@code [TYPE…] [v=N] [s=N] [from rX…] [to rY…]}. */
    static Selection take(Arguments arguments, int n) {
      arguments.take("all");
      List<Integer> from = arguments.replicas("from", n);
      List<Integer> to = arguments.replicas("to", n);
      long view = arguments.number("v", ANY);
      long sequence = arguments.number("s", ANY);
      List<MessageType> types = new ArrayList<>();
      while (!arguments.isEmpty()) {
        types.add(type(arguments.next("a message type")));
      }
      return new Selection(types, from, to, view, sequence);
    }

    static MessageType type(String word) {
      for (MessageType type : MessageType.values()) {
        if (Describer.type(type).equals(word)) {
          return type;
        }
      }
      throw new TraceException("'" + word + "' is no message type");
    }

    boolean matches(Flight flight) {
      return (types.isEmpty() || types.contains(flight.message().type()))
          && (from == null || from.contains(flight.from()))
          && (to == null || to.contains(flight.to()))
          && (view == ANY || view == flight.view())
          && (sequence == ANY || sequence == flight.sequence());
    }
  }

  private long view() {
    if (message instanceof PrePrepare m) {
      return m.view();
    } else if (message instanceof Prepare m) {
      return m.view();
    } else if (message instanceof Commit m) {
      return m.view();
    } else if (message instanceof ViewChange m) {
      return m.view();
    }
    return message instanceof NewView m ? m.view() : -2;
  }

  private long sequence() {
    if (message instanceof PrePrepare m) {
      return m.sequence();
    } else if (message instanceof Prepare m) {
      return m.sequence();
    }
    return message instanceof Commit m ? m.sequence() : -2;
  }
}
