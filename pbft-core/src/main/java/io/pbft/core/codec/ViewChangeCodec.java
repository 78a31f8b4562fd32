package io.pbft.core.codec;

import io.pbft.core.message.Envelope;
import io.pbft.core.message.NewView;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Relay;
import io.pbft.core.message.ViewChange;
import io.pbft.crypto.Digest;
import java.util.List;

/** View-changes, new-views, and signed messages passed on. */
final class ViewChangeCodec {
  private static final int MAX_ENTRIES = 1 << 16;
  private static final int MAX_REPLICAS = 1024;
  private static final int SIGNATURE_BYTES = 64;

  private ViewChangeCodec() {}

  static void write(Writer w, ViewChange m) {
    w.int64(m.view())
        .int64(m.stable())
        .list(m.checkpoints(), (o, held) -> o.int64(held.sequence()).digest(held.digest()))
        .list(m.prepared(), ViewChangeCodec::write)
        .list(m.prePrepared(), ViewChangeCodec::write);
  }

  private static void write(Writer w, ViewChange.Entry entry) {
    w.int64(entry.sequence()).digest(entry.digest()).int64(entry.view());
  }

  static ViewChange readViewChange(int replica, Reader r) throws Refusal {
    long view = r.number();
    long stable = r.number();
    List<ViewChange.Held> checkpoints =
        r.list(MAX_ENTRIES, 40, in -> new ViewChange.Held(in.number(), in.digest()));
    List<ViewChange.Entry> prepared = r.list(MAX_ENTRIES, 48, ViewChangeCodec::readEntry);
    List<ViewChange.Entry> prePrepared = r.list(MAX_ENTRIES, 48, ViewChangeCodec::readEntry);
    for (int i = 1; i < checkpoints.size(); i++) {
      ascending(checkpoints.get(i - 1).sequence() < checkpoints.get(i).sequence());
    }
    for (int i = 1; i < prepared.size(); i++) {
      ascending(prepared.get(i - 1).sequence() < prepared.get(i).sequence());
    }
    for (int i = 1; i < prePrepared.size(); i++) {
      ascending(before(prePrepared.get(i - 1), prePrepared.get(i)));
    }
    return new ViewChange(view, stable, checkpoints, prepared, prePrepared, replica);
  }

  private static boolean before(ViewChange.Entry a, ViewChange.Entry b) {
    return a.sequence() < b.sequence()
        || (a.sequence() == b.sequence() && a.digest().compareTo(b.digest()) < 0);
  }

  private static void ascending(boolean holds) throws Refusal {
    if (!holds) {
      throw new Refusal(Reason.NON_CANONICAL);
    }
  }

  private static ViewChange.Entry readEntry(Reader r) throws Refusal {
    return new ViewChange.Entry(r.number(), r.digest(), r.number());
  }

  static void write(Writer w, NewView m) {
    w.int64(m.view())
        .list(m.support(), (o, s) -> o.int32(s.author()).digest(s.digest()))
        .int64(m.start())
        .digest(m.startDigest())
        .list(m.choices(), Writer::digest);
  }

  static NewView readNewView(int replica, Reader r) throws Refusal {
    long view = r.number();
    List<NewView.Support> support =
        r.list(MAX_REPLICAS, 36, in -> new NewView.Support(in.count(), in.digest()));
    long start = r.number();
    Digest startDigest = r.digest();
    List<Digest> choices = r.list(MAX_ENTRIES, Digest.LENGTH, Reader::digest);
    return new NewView(view, support, start, startDigest, choices, replica);
  }

  static void write(Writer w, Relay relay) {
    w.list(relay.envelopes(), (o, e) -> o.fixed(e.signature()).sized(e.content()));
  }

  static Relay readRelay(int replica, Reader r) throws Refusal {
    return new Relay(
        r.list(
            MAX_REPLICAS,
            SIGNATURE_BYTES + 4,
            in -> {
              byte[] signature = in.fixed(SIGNATURE_BYTES);
              return new Envelope(in.sized(in.limits().frameBytes()), signature);
            }),
        replica);
  }
}
