package io.pbft.core.viewchange;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.Quorums;
import io.pbft.core.message.NewView;
import io.pbft.core.message.Reason;
import io.pbft.core.message.ViewChange;
import io.pbft.core.runtime.Context;
import java.util.List;

/** Whether view-changes and new-views are well formed; pure. */
final class ViewChangeValidator {
  /** How far ahead of this replica's view a view-change may be. */
  static final long MAX_VIEW_GAP = 1L << 20;

  private ViewChangeValidator() {}

  /** The reason to refuse a view-change, or null. */
  static Reason check(Context context, long currentView, ViewChange m) {
    if (m.replica() >= context.config().n() && context.refuses(Reason.UNKNOWN_REPLICA)) {
      return Reason.UNKNOWN_REPLICA;
    }
    if (m.view() > currentView + MAX_VIEW_GAP && context.refuses(Reason.VIEW_TOO_FAR)) {
      return Reason.VIEW_TOO_FAR;
    }
    boolean fits = isWellFormed(context.config(), m) || !context.refuses(Reason.MALFORMED);
    return fits ? null : Reason.MALFORMED;
  }

  private static boolean isWellFormed(ProtocolConfig config, ViewChange m) {
    if (m.view() == 0 || m.stable() % config.checkpointInterval() != 0) {
      return false;
    }
    boolean checkpointsFit =
        beyondWindow(config, m) <= 1
            && m.checkpoints().stream()
                .allMatch(
                    c ->
                        c.sequence() >= m.stable()
                            && c.sequence() % config.checkpointInterval() == 0);
    return checkpointsFit && fit(config, m, m.prepared()) && fit(config, m, m.prePrepared());
  }

  /** Beyond h+L a correct replica holds at most one state, which it fetched. */
  private static long beyondWindow(ProtocolConfig config, ViewChange m) {
    long high = m.stable() + config.logWindow();
    return m.checkpoints().stream().filter(c -> c.sequence() > high).count();
  }

  private static boolean fit(ProtocolConfig config, ViewChange m, List<ViewChange.Entry> entries) {
    return entries.stream()
        .allMatch(
            e ->
                e.sequence() > m.stable()
                    && e.sequence() <= m.stable() + config.logWindow()
                    && e.view() < m.view());
  }

  /** The reason to refuse a new-view before its view-changes are looked at, or null. */
  static Reason check(Context context, long currentView, NewView m) {
    Quorums quorums = context.quorums();
    if (m.view() > currentView + MAX_VIEW_GAP && context.refuses(Reason.VIEW_TOO_FAR)) {
      return Reason.VIEW_TOO_FAR;
    }
    boolean foreign = m.view() == 0 || quorums.primary(m.view()) != m.replica();
    if (foreign && context.refuses(Reason.NOT_PRIMARY)) {
      return Reason.NOT_PRIMARY;
    }
    boolean wrongSize = m.support().size() < quorums.quorum() || m.support().size() > quorums.n();
    if (wrongSize && context.refuses(Reason.BAD_V_SET)) {
      return Reason.BAD_V_SET;
    }
    Reason reason = checkAuthors(context, m.support());
    if (reason != null) {
      return reason;
    }
    boolean tooLong = m.choices().size() > context.config().logWindow();
    return tooLong && context.refuses(Reason.BAD_O_SET) ? Reason.BAD_O_SET : null;
  }

  private static Reason checkAuthors(Context context, List<NewView.Support> support) {
    for (int i = 0; i < support.size(); i++) {
      int author = support.get(i).author();
      int before = i == 0 ? -1 : support.get(i - 1).author();
      if (author >= context.quorums().n() && context.refuses(Reason.UNKNOWN_REPLICA)) {
        return Reason.UNKNOWN_REPLICA;
      }
      if (author == before && context.refuses(Reason.DUP_SIGNER)) {
        return Reason.DUP_SIGNER;
      }
      if (author < before && context.refuses(Reason.NON_CANONICAL)) {
        return Reason.NON_CANONICAL;
      }
    }
    return null;
  }
}
