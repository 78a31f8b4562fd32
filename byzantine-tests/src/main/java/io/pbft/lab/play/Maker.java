package io.pbft.lab.play;

import io.pbft.core.CoreStatus;
import io.pbft.core.Quorums;
import io.pbft.core.codec.Codec;
import io.pbft.core.message.Batch;
import io.pbft.core.message.BatchBody;
import io.pbft.core.message.Checkpoint;
import io.pbft.core.message.Chunks;
import io.pbft.core.message.Commit;
import io.pbft.core.message.Committed;
import io.pbft.core.message.Envelope;
import io.pbft.core.message.FetchBatch;
import io.pbft.core.message.FetchChunks;
import io.pbft.core.message.FetchViewChange;
import io.pbft.core.message.Message;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.NewView;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.Prepare;
import io.pbft.core.message.Relay;
import io.pbft.core.message.Status;
import io.pbft.core.message.ViewChange;
import io.pbft.core.viewchange.NewViewPlan;
import io.pbft.crypto.Digest;
import io.pbft.lab.scenario.Phrase;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Messages that the honest core would not have sent at all. */
final class Maker {
  private static final int ROTTEN_BYTES = 64;
  private static final int SIGNATURE_BYTES = 64;

  private final int id;
  private final Gang gang;
  private final Forger forger;
  private final BatchForger batches;
  private final SplittableRandom random;
  private final int replicas;
  private final Quorums quorums;
  private final int window;
  private final Codec codec;

  Maker(Stage stage, int id, Gang gang, Forger forger, BatchForger batches) {
    this.replicas = stage.config().n();
    this.quorums = stage.config().quorums();
    this.window = stage.config().logWindow();
    this.codec = stage.hand().codec();
    this.random = stage.random("maker " + id);
    this.id = id;
    this.gang = gang;
    this.forger = forger;
    this.batches = batches;
  }

  /**
   * The message that {@code send TYPE ...} describes; null where there is nothing to make it of.
   */
  Message make(Phrase how, CoreStatus now) {
    long view = forger.amount(how, "view", now.view());
    long slot = forger.amount(how, "slot", now.lastExecuted() + 1);
    Digest known = gang.other(Digest.ZERO);
    Digest digest = forger.digest(how, known);
    MessageType type = MessageType.valueOf(how.word("type").replace('-', '_'));
    return switch (type) {
      case PREPARE -> new Prepare(view, slot, digest, id);
      case COMMIT -> new Commit(view, slot, digest, id);
      case CHECKPOINT -> new Checkpoint(slot, digest, id);
      case PRE_PREPARE -> prePrepare(how, view, slot);
      case VIEW_CHANGE ->
          new ViewChange(
              forger.amount(how, "view", now.view() + 1),
              now.stableCheckpoint(),
              List.of(),
              List.of(),
              List.of(),
              id);
      case NEW_VIEW -> how.has("planned") ? planned(view) : newView(view, now, digest);
      case STATUS -> new Status(view, true, now.stableCheckpoint(), slot, 0, id);
      case COMMITTED -> new Committed(slot, List.of(digest), id);
      case RELAY -> how.has("digest") ? forgedClaims(slot, digest) : relay(how.has("spoiled"));
      default -> catchUp(type, view, slot, digest);
    };
  }

  private Message catchUp(MessageType type, long view, long slot, Digest digest) {
    return switch (type) {
      case FETCH_BATCH -> new FetchBatch(slot, digest, id);
      case FETCH_CHUNKS -> new FetchChunks(slot, 1, List.of(digest), id);
      case FETCH_VIEW_CHANGE -> new FetchViewChange(view, 0, digest, id);
      case CHUNKS -> new Chunks(1, List.of(new byte[ROTTEN_BYTES]), id);
      case BATCH_BODY -> new BatchBody(slot, stale(), id);
      default -> throw new IllegalArgumentException("no " + type + " can be made up");
    };
  }

  private Batch stale() {
    Batch stale = gang.stale();
    return stale == null ? Batch.NULL : stale;
  }

  private PrePrepare prePrepare(Phrase how, long view, long slot) {
    Batch batch = batches.forge(stale(), how, random);
    return new PrePrepare(view, slot, forger.digest(how, batch.digest()), batch, id);
  }

  /** Names whatever view-changes have been heard. */
  private NewView newView(long view, CoreStatus now, Digest digest) {
    List<NewView.Support> support = new ArrayList<>();
    for (Gang.Heard heard : gang.heard(MessageType.VIEW_CHANGE)) {
      int author = heard.from();
      if (support.stream().noneMatch(s -> s.author() == author) && heard.envelope() != null) {
        support.add(new NewView.Support(author, heard.envelope().digest()));
      }
    }
    support.sort(java.util.Comparator.comparingInt(NewView.Support::author));
    return new NewView(view, support, now.stableCheckpoint(), digest, List.of(), id);
  }

  /**
   * A valid one, of the view-changes of those who asked last for the view: others than the honest
   * core took, who did not wait for them. Null while there are too few.
   */
  private NewView planned(long view) {
    TreeMap<Integer, Gang.Heard> latest = new TreeMap<>();
    List<Gang.Heard> heard = gang.heard(MessageType.VIEW_CHANGE);
    for (int i = heard.size() - 1; i >= 0 && latest.size() < quorums.quorum(); i--) {
      Gang.Heard each = heard.get(i);
      if (Fields.view(each.message()) == view && each.envelope() != null) {
        latest.putIfAbsent(each.from(), each);
      }
    }
    List<NewView.Support> support = new ArrayList<>();
    List<ViewChange> changes = new ArrayList<>();
    latest.forEach(
        (author, each) -> {
          support.add(new NewView.Support(author, each.envelope().digest()));
          changes.add((ViewChange) each.message());
        });
    NewViewPlan plan = NewViewPlan.decide(quorums, window, changes);
    return plan == null
        ? null
        : new NewView(view, support, plan.start(), plan.startDigest(), plan.choices(), id);
  }

  /** Claims of all replicas that a batch has committed, which none of them has made or signed. */
  private Relay forgedClaims(long slot, Digest digest) {
    List<Envelope> envelopes = new ArrayList<>();
    for (int author = 0; author < replicas; author++) {
      Committed claim = new Committed(slot, List.of(digest), author);
      envelopes.add(new Envelope(codec.encode(claim), new byte[SIGNATURE_BYTES]));
    }
    return new Relay(envelopes, id);
  }

  /** Everything signed that was heard of late, perhaps with other content than was signed. */
  private Relay relay(boolean spoiled) {
    List<Envelope> envelopes = new ArrayList<>();
    for (MessageType type :
        List.of(MessageType.VIEW_CHANGE, MessageType.CHECKPOINT, MessageType.NEW_VIEW)) {
      for (Gang.Heard heard : gang.heard(type)) {
        if (heard.envelope() != null && envelopes.size() < 64) {
          envelopes.add(spoiled ? Damage.spoiled(heard.envelope()) : heard.envelope());
        }
      }
    }
    return new Relay(envelopes, id);
  }
}
