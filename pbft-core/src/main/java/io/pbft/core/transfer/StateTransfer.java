package io.pbft.core.transfer;

import io.pbft.core.Effect;
import io.pbft.core.Observation;
import io.pbft.core.TimerKind;
import io.pbft.core.checkpoint.Checkpoints;
import io.pbft.core.message.Chunk;
import io.pbft.core.message.FetchChunk;
import io.pbft.core.message.FetchManifest;
import io.pbft.core.message.Manifest;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.Reason;
import io.pbft.core.runtime.Context;
import io.pbft.crypto.Digest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Fetches the state of a certified checkpoint: its manifest from one replica at a time, then the
 * chunks that differ from all of them in parallel, each checked on arrival. A replica that sends a
 * wrong or no answer is passed over for this transfer; progress made is kept.
 */
public final class StateTransfer {
  private static final int CHUNKS_IN_FLIGHT_PER_DONOR = 4;

  /** Told when the fetched state is complete. */
  public interface Listener {
    /** Everything is staged: emit the installation when execution stands still. */
    void onStaged(long sequence);
  }

  private record Target(long sequence, Digest digest, List<Integer> from) {}

  private final Context context;
  private final Listener listener;
  private final ArrayDeque<Integer> missing = new ArrayDeque<>();
  private final TreeMap<Integer, Integer> inFlight = new TreeMap<>();
  private List<Integer> donors = List.of();
  private long sequence;
  private Digest digest;
  private Manifest manifest;
  private int nextDonor;
  private boolean chunksKnown;
  private boolean staged;
  private Target newer;

  public StateTransfer(Context context, Listener listener) {
    this.context = context;
    this.listener = listener;
  }

  public boolean isActive() {
    return digest != null;
  }

  /** The checkpoint being fetched, 0 when none is. */
  public long target() {
    return isActive() ? sequence : 0;
  }

  /** The verified manifest of the staged state. */
  public Manifest manifest() {
    return manifest;
  }

  public Digest targetDigest() {
    return digest;
  }

  public boolean isStaged() {
    return staged;
  }

  /**
   * Starts fetching. A transfer that goes on is not given up for a newer checkpoint, or it would
   * never end while the others are busy; the newer one is taken when the old one's answers stop.
   *
   * @param from replicas that vouch for the checkpoint; all others are asked where it is empty
   */
  public void start(long wanted, Digest certified, List<Integer> from) {
    Target target = new Target(wanted, certified, List.copyOf(from));
    if (!isActive()) {
      begin(target);
    } else if (wanted > sequence && (newer == null || wanted > newer.sequence())) {
      newer = target;
    }
  }

  private void begin(Target target) {
    newer = null;
    sequence = target.sequence();
    digest = target.digest();
    manifest = null;
    chunksKnown = false;
    staged = false;
    missing.clear();
    inFlight.clear();
    donors = new ArrayList<>(target.from().isEmpty() ? everybody() : target.from());
    context.observe(new Observation.TransferStarted(sequence));
    askManifest();
  }

  private List<Integer> everybody() {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < context.quorums().n(); i++) {
      if (i != context.id()) {
        all.add(i);
      }
    }
    return all;
  }

  private int donor() {
    if (donors.isEmpty()) {
      donors = everybody();
    }
    nextDonor = (nextDonor + 1) % donors.size();
    return donors.get(nextDonor);
  }

  private void askManifest() {
    context.send(donor(), new FetchManifest(sequence, digest, context.id()));
    context.arm(TimerKind.FETCH, context.config().statusIntervalMillis());
  }

  /** MANIFEST: must hash to what was certified. */
  public void onManifest(Manifest m) {
    if (!isActive() || m.sequence() != sequence || manifest != null) {
      context.defer(Reason.NOT_ASKED_FOR, MessageType.MANIFEST, m.replica());
      return;
    }
    Digest found =
        Checkpoints.stateDigest(m.sequence(), Digest.of(m.meta()), ChunkTree.root(m.chunks()));
    if (!found.equals(digest) && context.refuses(Reason.BAD_MANIFEST)) {
      context.refuse(Reason.BAD_MANIFEST, MessageType.MANIFEST, m.replica());
      donors.remove(Integer.valueOf(m.replica()));
      askManifest();
      return;
    }
    manifest = m;
    context.emit(new Effect.StageManifest(m));
  }

  /** The driver has compared the manifest with the chunks that are here. */
  public void onManifestStaged(long of, List<Integer> absent) {
    if (!isActive() || of != sequence || manifest == null || chunksKnown) {
      return;
    }
    chunksKnown = true;
    missing.addAll(absent);
    askChunks();
  }

  private void askChunks() {
    if (missing.isEmpty() && inFlight.isEmpty()) {
      staged = true;
      context.cancel(TimerKind.FETCH);
      listener.onStaged(sequence);
      return;
    }
    int limit = CHUNKS_IN_FLIGHT_PER_DONOR * Math.max(1, donors.size());
    while (inFlight.size() < limit && !missing.isEmpty()) {
      int index = missing.remove();
      int from = donor();
      inFlight.put(index, from);
      context.send(from, new FetchChunk(sequence, index, context.id()));
    }
    context.arm(TimerKind.FETCH, context.config().statusIntervalMillis());
  }

  /** CHUNK: must hash to its entry in the manifest. */
  public void onChunk(Chunk m) {
    if (!isActive() || m.sequence() != sequence || !inFlight.containsKey(m.index())) {
      context.defer(Reason.NOT_ASKED_FOR, MessageType.CHUNK, m.replica());
      return;
    }
    boolean fits = ChunkTree.leaf(m.bytes()).equals(manifest.chunks().get(m.index()));
    if (!fits && context.refuses(Reason.BAD_CHUNK)) {
      context.refuse(Reason.BAD_CHUNK, MessageType.CHUNK, m.replica());
      donors.remove(Integer.valueOf(m.replica()));
      if (inFlight.get(m.index()) == m.replica()) {
        inFlight.remove(m.index());
        missing.add(m.index());
        askChunks();
      }
      return;
    }
    inFlight.remove(m.index());
    context.emit(new Effect.StageChunk(sequence, m.index(), m.bytes()));
    askChunks();
  }

  /** No answer for a while: those asked are passed over, others are asked. */
  public void onTimeout() {
    if (!isActive() || staged) {
      return;
    }
    if (newer != null) {
      begin(newer);
      return;
    }
    if (manifest == null) {
      askManifest();
      return;
    }
    for (var entry : List.copyOf(inFlight.entrySet())) {
      donors.remove(entry.getValue());
      missing.add(entry.getKey());
    }
    inFlight.clear();
    if (chunksKnown) {
      askChunks();
    }
  }

  /** Installed, or no longer needed because this replica got there by itself. */
  public void finish() {
    if (isActive()) {
      context.observe(new Observation.TransferFinished(sequence));
    }
    newer = null;
    digest = null;
    manifest = null;
    staged = false;
    missing.clear();
    inFlight.clear();
    context.cancel(TimerKind.FETCH);
  }
}
