package io.pbft.core.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.spi.KeptSnapshot;
import io.pbft.core.spi.StateNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemorySnapshotsTest {
  private final MemorySnapshots store = new MemorySnapshots();

  private static StateNode part(int content) {
    return StateNode.leaf(new byte[] {(byte) content});
  }

  private void put(long sequence, StateNode... leaves) {
    StateNode state = StateNode.above(List.of(leaves));
    store.put(new KeptSnapshot(sequence, new byte[] {1}, () -> state));
  }

  @Test
  void whatASnapshotSharesWithADiscardedOneStaysWhileItIsTakenIn() {
    StateNode changes =
        new StateNode() {
          private int looks;

          @Override
          public List<StateNode> children() {
            // The first is for its digest; at the second, what is left of it has been found here.
            if (++looks == 2) {
              store.discardBelow(2, List.of());
              assertThat(store.missing(List.of(part(7).digest()))).isEmpty();
            }
            return List.of();
          }

          @Override
          public byte[] content() {
            return new byte[] {9};
          }
        };
    put(1, part(7), part(8));
    put(2, part(6), part(8));
    put(3, part(7), changes);
    assertThat(store.durable(3)).isNotNull();
    assertThat(store.missing(List.of(part(7).digest(), part(8).digest()))).isEmpty();

    put(4, part(1));
    store.discardBelow(4, List.of());
    assertThat(store.missing(List.of(part(7).digest(), part(1).digest())))
        .containsExactly(part(7).digest());
  }
}
