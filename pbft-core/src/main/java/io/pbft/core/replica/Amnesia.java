package io.pbft.core.replica;

import io.pbft.core.Observation;
import io.pbft.core.message.Status;
import io.pbft.core.runtime.Context;
import io.pbft.core.runtime.Defences;

/**
 * A replica that has lost its memory must not vote where it may have voted before (TOCS, section
 * 4.3.2).
 *
 * <p>Its earlier votes were for sequence numbers up to {@code h + L} of its earlier life, and that
 * h was stable: others had executed so far. It casts no vote at all until a checkpoint beyond
 * {@code x + L} is stable, x being the highest sequence number that any replica says it has
 * executed, once all others have answered. It executes and answers meanwhile. A traitor that claims
 * an absurd x keeps a replica from voting, as if it had not come back; it cannot make it vote
 * wrongly.
 */
final class Amnesia {
  private final Context context;
  private final boolean[] answered;
  private int answers;
  private long highestClaim;
  private boolean recovering;
  private long nonce;

  Amnesia(Context context) {
    this.context = context;
    this.answered = new boolean[context.quorums().n()];
  }

  boolean isRecovering() {
    return recovering;
  }

  /** The stable checkpoint that ends the recovery, or -1 while not all others have answered. */
  long votesAfter() {
    return answers < context.quorums().n() - 1 ? -1 : highestClaim + context.config().logWindow();
  }

  /** The question that this life asks the others; 0 when there is none. */
  long nonce() {
    return recovering ? nonce : 0;
  }

  /** The clock tells this life from earlier ones, whose answers may still be on their way. */
  void begin() {
    recovering = true;
    nonce = context.now();
    context.setVoting(!context.keeps(Defences.Rule.AMNESIAC_SILENCE));
  }

  void onStatus(Status status) {
    boolean isAnswer =
        recovering && (status.nonce() == nonce || !context.keeps(Defences.Rule.AMNESIAC_NONCE));
    if (isAnswer && !answered[status.replica()]) {
      answered[status.replica()] = true;
      answers++;
      highestClaim = Math.max(highestClaim, status.executed());
    }
  }

  void onStable(long sequence) {
    if (recovering && votesAfter() >= 0 && sequence >= votesAfter()) {
      recovering = false;
      context.setVoting(true);
      context.observe(new Observation.VotingResumed(sequence));
    }
  }
}
