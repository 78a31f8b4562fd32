package io.pbft.core.replica;

import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.normal.MessageLog;
import io.pbft.core.normal.RequestPool;
import io.pbft.core.normal.Slot;
import io.pbft.core.runtime.Context;
import io.pbft.core.transfer.StateTransfer;
import io.pbft.core.viewchange.ViewChanger;
import java.util.ArrayList;
import java.util.List;

/** Why a replica waits, and for whom, in words for its operators. */
final class Diagnosis {
  private Diagnosis() {}

  static String diverged(long sequence, StateTransfer transfer) {
    return "its own state is not the quorum's at checkpoint "
        + sequence
        + (transfer.isActive() ? ": " + fetching(transfer) : "");
  }

  static String waitingFor(
      Context context,
      ViewChanger viewChanger,
      StateTransfer transfer,
      Amnesia amnesia,
      RequestPool pool,
      MessageLog log,
      long lastExecuted) {
    if (amnesia.isRecovering()) {
      // First and always: until it votes again, one replica less may fail.
      String progress = transfer.isActive() ? "; " + fetching(transfer) : "";
      return withoutVotes(amnesia) + progress;
    }
    if (transfer.isActive()) {
      return fetching(transfer);
    }
    if (!context.active()) {
      return inViewChange(context, viewChanger);
    }
    if (lastExecuted > log.high()) {
      return "the word of "
          + context.quorums().quorum()
          + " replicas for a checkpoint above "
          + log.low()
          + ": fetched the state of "
          + lastExecuted;
    }
    Slot next = log.find(lastExecuted + 1);
    if (next != null && next.isDecided() && next.decidedBatch() == null) {
      return "the body of batch " + next.sequence();
    }
    return waitingRequest(context, pool);
  }

  private static String fetching(StateTransfer transfer) {
    return "fetching the state of checkpoint " + transfer.target();
  }

  private static String withoutVotes(Amnesia amnesia) {
    return amnesia.votesAfter() < 0
        ? "restarted without its votes: waits for the status of every replica"
        : "restarted without its votes: votes again after checkpoint " + amnesia.votesAfter();
  }

  private static String inViewChange(Context context, ViewChanger viewChanger) {
    List<Integer> supporters = viewChanger.supporters();
    int quorum = context.quorums().quorum();
    if (supporters.size() >= quorum && !context.isPrimary()) {
      return "view " + context.view() + ": the new-view of replica " + context.primary();
    }
    List<Integer> absent = new ArrayList<>();
    for (int i = 0; i < context.quorums().n(); i++) {
      if (!supporters.contains(i)) {
        absent.add(i);
      }
    }
    return "view "
        + context.view()
        + ": "
        + supporters.size()
        + " of "
        + quorum
        + " view-changes, none from "
        + absent;
  }

  private static String waitingRequest(Context context, RequestPool pool) {
    AuthenticatedRequest oldest = pool.oldest();
    if (oldest == null || context.isPrimary()) {
      return "";
    }
    long waited = context.now() - pool.oldestSince();
    return waited < context.config().requestTimeoutMillis() / 2
        ? ""
        : "request " + oldest.request() + " at primary " + context.primary();
  }
}
