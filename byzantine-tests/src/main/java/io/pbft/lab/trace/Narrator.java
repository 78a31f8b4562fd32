package io.pbft.lab.trace;

import io.pbft.core.Effect;
import io.pbft.core.Observation;
import io.pbft.core.TimerKind;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.ReadReply;
import io.pbft.core.message.Reason;
import io.pbft.core.message.ReplicaMessage;
import io.pbft.core.message.Reply;
import io.pbft.core.message.Result;
import io.pbft.core.spi.LogRecord;
import java.util.List;
import java.util.stream.Collectors;

/** Tells what one replica notices and does, a line each. */
final class Narrator {
  private final Cluster cluster;
  private final int id;

  Narrator(Cluster cluster, int id) {
    this.cluster = cluster;
    this.id = id;
  }

  private void line(String text) {
    cluster.transcript().line(text);
  }

  private Names names() {
    return cluster.names();
  }

  void sent(List<Integer> to, String description) {
    String receivers =
        to.size() > 1 ? "all" : to.stream().map(i -> "r" + i).collect(Collectors.joining(" "));
    line("sends " + description + " to " + receivers);
  }

  void answered(ReplicaMessage message) {
    if (message instanceof Reply m) {
      String result = m.result() == null ? "(digest only)" : result(m.result());
      line("replies " + Describer.id(m.client(), m.session(), m.timestamp()) + " " + result);
    } else if (message instanceof ReadReply m && m.isRefusal()) {
      line("refuses read #" + m.nonce());
    } else if (message instanceof ReadReply m) {
      line("answers read #" + m.nonce() + " " + result(m.result()) + " as of s" + m.executed());
    }
  }

  static String result(Result result) {
    String text = Describer.quote(result.bytes());
    return result.outcome() == Result.Outcome.OK ? text : result.outcome() + " " + text;
  }

  void armed(Effect.Arm e) {
    if (isTold(e.kind())) {
      line("arms " + name(e.kind()) + " " + e.delayMillis() + "ms");
    }
  }

  void cancelled(TimerKind kind) {
    if (isTold(kind)) {
      line("cancels " + name(kind));
    }
  }

  /** STATUS and FETCH repeat for ever, and tell nothing. */
  private static boolean isTold(TimerKind kind) {
    return kind != TimerKind.STATUS && kind != TimerKind.FETCH;
  }

  static String name(TimerKind kind) {
    return kind.name().replace('_', '-');
  }

  void installed(long sequence) {
    line("installs the state of s" + sequence);
  }

  void persisted(LogRecord record) {
    if (!cluster.tellsPersistence()) {
      return;
    }
    if (record instanceof LogRecord.PrePrepared r) {
      line("persists PRE-PREPARED " + slot(r.view(), r.sequence()) + names().batch(r.batch()));
    } else if (record instanceof LogRecord.Prepared r) {
      line("persists PREPARED " + slot(r.view(), r.sequence()) + names().batch(r.digest()));
    } else if (record instanceof LogRecord.LeftView r) {
      line("persists LEFT-VIEW for v" + r.viewChange().view());
    } else if (record instanceof LogRecord.EnteredView r) {
      line("persists ENTERED-VIEW v" + r.newView().view());
    } else if (record instanceof LogRecord.Checkpointed r) {
      line("persists CHECKPOINTED s" + r.sequence() + " " + names().state(r.digest()));
    } else if (record instanceof LogRecord.Stable r) {
      line("persists STABLE s" + r.sequence() + " " + names().state(r.digest()));
    }
  }

  private static String slot(long view, long sequence) {
    return "v" + view + " s" + sequence + " ";
  }

  void observed(Observation observation) {
    if (observation instanceof Observation.Refused o) {
      line("refuses " + verdict(o.reason(), o.type(), o.sender()));
    } else if (observation instanceof Observation.Deferred o) {
      line(
          (isKept(o.reason()) ? "puts off " : "ignores ")
              + verdict(o.reason(), o.type(), o.sender()));
    } else if (observation instanceof Observation.PrePrepared o) {
      line("pre-prepared " + slot(o.view(), o.sequence()) + names().batch(o.digest()));
    } else if (observation instanceof Observation.Prepared o) {
      line("prepared " + slot(o.view(), o.sequence()) + names().batch(o.digest()));
    } else if (observation instanceof Observation.CommittedLocal o) {
      line("committed-local " + slot(o.view(), o.sequence()) + names().batch(o.digest()));
    } else if (observation instanceof Observation.Executing o) {
      executing(o);
    } else {
      observedView(observation);
    }
  }

  /** Put off until something else arrives; otherwise it came late or again, and is not needed. */
  private static boolean isKept(Reason reason) {
    return switch (reason) {
      case UNVERIFIABLE_REQUEST, FUTURE_VIEW -> true;
      default -> false;
    };
  }

  private static String verdict(Reason reason, MessageType type, int sender) {
    String what = type == null ? "bytes" : Describer.type(type);
    return what + (sender < 0 ? "" : " of r" + sender) + ": " + reason;
  }

  private void executing(Observation.Executing o) {
    String batch = names().batch(o.digest());
    line(
        "executes s"
            + o.sequence()
            + " "
            + batch
            + " ("
            + Describer.count(o.requests(), "request")
            + ")");
    cluster.onExecuting(id, o.sequence(), o.digest());
  }

  private void observedView(Observation observation) {
    if (observation instanceof Observation.CheckpointStable o) {
      line("stable checkpoint s" + o.sequence() + " " + names().state(o.digest()));
    } else if (observation instanceof Observation.ViewChangeStarted o) {
      line("leaves its view for v" + o.view() + ": " + o.cause().replace(".1:", ":"));
    } else if (observation instanceof Observation.ViewEntered o) {
      line("enters v" + o.view() + " (primary r" + o.primary() + ")");
    } else if (observation instanceof Observation.TransferStarted o) {
      line("starts to fetch the state of s" + o.sequence());
    } else if (observation instanceof Observation.TransferFinished o) {
      line("ends fetching the state of s" + o.sequence());
    } else if (observation instanceof Observation.StateDiverged o) {
      String own = names().state(o.own());
      line(
          "own state at s"
              + o.sequence()
              + " is "
              + own
              + ", certified "
              + names().state(o.certified()));
    } else if (observation instanceof Observation.Equivocation o) {
      line("notes that r" + o.replica() + " contradicts itself");
    }
  }
}
