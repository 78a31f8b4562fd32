package io.pbft.compare.generals;

import io.pbft.crypto.Hasher;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code v:s1:...:sr}: an order and a chain of signatures, each over the order and all signatures
 * before it.
 */
public record SignedOrder(Order order, List<Signature> chain) {
  /** One link of the chain. */
  public record Signature(int signer, byte[] seal) {}

  public SignedOrder {
    chain = List.copyOf(chain);
  }

  /** An order that nobody has signed. */
  public static SignedOrder unsigned(Order order) {
    return new SignedOrder(order, List.of());
  }

  public SignedOrder signedBy(int signer, Seals seals) {
    return with(new Signature(signer, seals.sign(signer, text(chain.size()))));
  }

  /** With a link whose seal is whatever the caller says. */
  public SignedOrder with(Signature link) {
    List<Signature> longer = new ArrayList<>(chain);
    longer.add(link);
    return new SignedOrder(order, longer);
  }

  /** The other order under the same signatures. */
  public SignedOrder altered() {
    return new SignedOrder(order.other(), chain);
  }

  /** What the signer after {@code links} others has signed. */
  private byte[] text(int links) {
    Hasher hasher =
        Hasher.domain("signed-order").putByte(order == Order.ATTACK ? 1 : 0).putInt(links);
    for (Signature link : chain.subList(0, links)) {
      hasher.putInt(link.signer()).putSized(link.seal());
    }
    return hasher.digest().toBytes();
  }

  public boolean isGenuine(Seals seals) {
    for (int i = 0; i < chain.size(); i++) {
      Signature link = chain.get(i);
      if (!seals.verify(link.signer(), text(i), link.seal())) {
        return false;
      }
    }
    return true;
  }

  public boolean isSignedBy(int general) {
    return chain.stream().anyMatch(link -> link.signer() == general);
  }

  /** The signers in their order; null if nobody has signed. */
  public Path path() {
    return chain.isEmpty() ? null : new Path(chain.stream().map(Signature::signer).toList());
  }
}
