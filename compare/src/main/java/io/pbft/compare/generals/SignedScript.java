package io.pbft.compare.generals;

import java.util.List;

/** What a traitor sends with signed messages, instead of what a loyal general would send. */
@FunctionalInterface
public interface SignedScript {
  /** Called once for each traitor and round. */
  List<SignedMessage> play(Scene scene);

  /**
   * What a traitor sees.
   *
   * @param round the round, from 1
   * @param self the traitor
   * @param honest what a loyal general in its place would send in this round
   * @param received all that this traitor has received in earlier rounds
   * @param pen signs for traitors: they share their keys
   */
  record Scene(
      Campaign campaign,
      int round,
      int self,
      List<SignedMessage> honest,
      List<SignedOrder> received,
      Pen pen) {}

  /** The traitors' keys, all of them and no others. */
  record Pen(Campaign campaign, Seals seals) {
    /**
     * @throws IllegalArgumentException if the signer is loyal
     */
    public SignedOrder sign(SignedOrder signed, int signer) {
      if (!campaign.isTraitor(signer)) {
        throw new IllegalArgumentException("general " + signer + " is loyal and keeps his key");
      }
      return signed.signedBy(signer, seals);
    }
  }
}
