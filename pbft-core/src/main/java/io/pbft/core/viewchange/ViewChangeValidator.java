package io.pbft.core.viewchange;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.Quorums;
import io.pbft.core.message.NewView;
import io.pbft.core.message.Reason;
import io.pbft.core.message.ViewChange;
import java.util.List;

/** Whether view-changes and new-views are well formed; pure. */
final class ViewChangeValidator {
  /** How far ahead of this replica's view a view-change may be. */
  static final long MAX_VIEW_GAP = 1L << 20;

  private ViewChangeValidator() {}

  /** The reason to refuse a view-change, or null. */
  static Reason check(ProtocolConfig config, long currentView, ViewChange m) {
    if (m.replica() >= config.n()) {
      return Reason.UNKNOWN_REPLICA;
    }
    if (m.view() > currentView + MAX_VIEW_GAP) {
      return Reason.VIEW_TOO_FAR;
    }
    if (m.view() == 0 || m.stable() % config.checkpointInterval() != 0) {
      return Reason.MALFORMED;
    }
    boolean checkpointsFit =
        beyondWindow(config, m) <= 1
            && m.checkpoints().stream()
                .allMatch(
                    c ->
                        c.sequence() >= m.stable()
                            && c.sequence() % config.checkpointInterval() == 0);
    boolean entriesFit = fit(config, m, m.prepared()) && fit(config, m, m.prePrepared());
    return checkpointsFit && entriesFit ? null : Reason.MALFORMED;
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
  static Reason check(ProtocolConfig config, long currentView, NewView m) {
    Quorums quorums = config.quorums();
    if (m.view() > currentView + MAX_VIEW_GAP) {
      return Reason.VIEW_TOO_FAR;
    }
    if (m.view() == 0 || quorums.primary(m.view()) != m.replica()) {
      return Reason.NOT_PRIMARY;
    }
    if (m.support().size() < quorums.quorum() || m.support().size() > quorums.n()) {
      return Reason.BAD_V_SET;
    }
    for (int i = 0; i < m.support().size(); i++) {
      int author = m.support().get(i).author();
      if (author >= quorums.n()) {
        return Reason.UNKNOWN_REPLICA;
      }
      if (i > 0 && m.support().get(i - 1).author() >= author) {
        return m.support().get(i - 1).author() == author ? Reason.DUP_SIGNER : Reason.NON_CANONICAL;
      }
    }
    return m.choices().size() > config.logWindow() ? Reason.BAD_O_SET : null;
  }
}
