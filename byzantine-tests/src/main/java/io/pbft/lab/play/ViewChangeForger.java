package io.pbft.lab.play;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.message.Batch;
import io.pbft.core.message.Message;
import io.pbft.core.message.NewView;
import io.pbft.core.message.ViewChange;
import io.pbft.crypto.Digest;
import io.pbft.lab.scenario.Phrase;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Lies about P, Q and C of a view-change, and about V and X of a new-view. */
final class ViewChangeForger {
  private static final Comparator<ViewChange.Entry> ORDER =
      Comparator.comparingLong(ViewChange.Entry::sequence).thenComparing(ViewChange.Entry::digest);

  private final Gang gang;
  private final Forger forger;
  private final ProtocolConfig config;

  ViewChangeForger(Gang gang, Forger forger, ProtocolConfig config) {
    this.gang = gang;
    this.forger = forger;
    this.config = config;
  }

  /** The message after the action; the same where the action does not concern its type. */
  Message forge(Message message, Phrase how) {
    if (message instanceof ViewChange m) {
      return viewChange(m, how);
    }
    return message instanceof NewView m ? newView(m, how) : message;
  }

  private ViewChange viewChange(ViewChange m, Phrase how) {
    List<ViewChange.Held> checkpoints = new ArrayList<>(m.checkpoints());
    List<ViewChange.Entry> prepared = new ArrayList<>(m.prepared());
    List<ViewChange.Entry> prePrepared = new ArrayList<>(m.prePrepared());
    switch (how.head()) {
      case "add-prepared" -> put(prepared, entry(m, prepared, how), false);
      case "add-pre-prepared" -> put(prePrepared, entry(m, prePrepared, how), true);
      case "omit-prepared" -> prepared.removeIf(e -> how.allows("slot", e.sequence()));
      case "omit-pre-prepared" -> prePrepared.removeIf(e -> how.allows("slot", e.sequence()));
      case "age-prepared" ->
          prepared.replaceAll(
              e -> new ViewChange.Entry(e.sequence(), e.digest(), Math.max(0, e.view() - 1)));
      case "add-checkpoint" -> addCheckpoint(m, checkpoints, how);
      case "omit-checkpoints" -> checkpoints.clear();
      case "stuff" -> stuff(m, prepared, prePrepared, how.number("times", 1));
      default -> {
        return m;
      }
    }
    return new ViewChange(m.view(), m.stable(), checkpoints, prepared, prePrepared, m.replica());
  }

  /** By default the slot after the last, or the last itself where there is one. */
  private ViewChange.Entry entry(ViewChange m, List<ViewChange.Entry> among, Phrase how) {
    long last = among.isEmpty() ? m.stable() + 1 : among.get(among.size() - 1).sequence();
    long slot = forger.amount(how, "slot", last);
    long view = forger.amount(how, "view", m.view() - 1);
    Digest digest = how.has("digest") ? forger.digest(how, Digest.ZERO) : gang.other(Digest.ZERO);
    return new ViewChange.Entry(slot, digest, view);
  }

  private static void put(
      List<ViewChange.Entry> entries, ViewChange.Entry entry, boolean perDigest) {
    entries.removeIf(
        e -> e.sequence() == entry.sequence() && (!perDigest || e.digest().equals(entry.digest())));
    entries.add(entry);
    entries.sort(ORDER);
  }

  /** As much as is well formed: an entry of P for each slot, and several of Q. */
  private void stuff(
      ViewChange m,
      List<ViewChange.Entry> prepared,
      List<ViewChange.Entry> prePrepared,
      long times) {
    for (long slot = m.stable() + 1; slot <= m.stable() + config.logWindow(); slot++) {
      for (int i = 0; i < times; i++) {
        byte[] unlike = ByteBuffer.allocate(12).putLong(slot).putInt(i).array();
        ViewChange.Entry entry = new ViewChange.Entry(slot, Digest.of(unlike), m.view() - 1);
        prePrepared.add(entry);
        if (i == 0) {
          prepared.removeIf(e -> e.sequence() == entry.sequence());
          prepared.add(entry);
        }
      }
    }
    prepared.sort(ORDER);
    prePrepared.sort(ORDER);
  }

  private void addCheckpoint(ViewChange m, List<ViewChange.Held> checkpoints, Phrase how) {
    long slot = forger.amount(how, "slot", m.stable() + config.checkpointInterval());
    Digest digest = how.has("digest") ? forger.digest(how, Digest.ZERO) : gang.other(Digest.ZERO);
    checkpoints.removeIf(c -> c.sequence() == slot);
    checkpoints.add(new ViewChange.Held(slot, digest));
    checkpoints.sort(Comparator.comparingLong(ViewChange.Held::sequence));
  }

  private NewView newView(NewView m, Phrase how) {
    List<NewView.Support> support = new ArrayList<>(m.support());
    List<Digest> choices = new ArrayList<>(m.choices());
    int last = choices.size() - 1;
    switch (how.head()) {
      case "omit-choice" -> choices.subList(Math.max(0, last), choices.size()).clear();
      case "add-choice" -> choices.add(digest(how));
      case "swap-choice" -> {
        if (last >= 0) {
          choices.set(last, digest(how));
        } else {
          choices.add(digest(how));
        }
      }
      case "thin-support" -> support.remove(support.size() - 1);
      case "twice-support" -> support.set(support.size() - 1, support.get(support.size() - 2));
      case "foreign-support" ->
          support.set(
              support.size() - 1,
              new NewView.Support(support.get(support.size() - 1).author() + 1000, Digest.ZERO));
      case "stale-support" -> replaceByStale(support, m.view());
      default -> {
        return m;
      }
    }
    return new NewView(m.view(), support, m.start(), m.startDigest(), choices, m.replica());
  }

  private Digest digest(Phrase how) {
    return how.has("digest") ? forger.digest(how, Batch.NULL.digest()) : Batch.NULL.digest();
  }

  /** Names view-changes for an earlier view, of the same authors. */
  private void replaceByStale(List<NewView.Support> support, long view) {
    for (Gang.Heard heard : gang.heard(io.pbft.core.message.MessageType.VIEW_CHANGE)) {
      ViewChange old = (ViewChange) heard.message();
      if (old.view() < view && heard.envelope() != null) {
        support.replaceAll(
            s ->
                s.author() == old.replica()
                    ? new NewView.Support(s.author(), heard.envelope().digest())
                    : s);
      }
    }
  }
}
