package io.pbft.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("How much of what a client sends may be refused before it is not read from")
class ClientAccountTest {
  private final TransportConfig config = World.config().refusals(100).refusedBytes(5_000).build();
  private final ClientAccount account = new ClientAccount(config);

  /** How many of so many refusals say that it is too much. */
  private int refuse(int times, int bytes) {
    int tooMuch = 0;
    for (int i = 0; i < times; i++) {
      tooMuch += account.countRefusal(bytes) ? 1 : 0;
    }
    return tooMuch;
  }

  @Test
  void tooMuchIsSaidOnceBetweenTwoLooks() {
    assertThat(refuse(99, 1)).isZero();
    assertThat(refuse(1, 1)).isEqualTo(1);
    assertThat(refuse(1_000, 1_000)).isZero();
    account.tick();
    assertThat(refuse(99, 1)).isZero();
    assertThat(refuse(1, 1)).isEqualTo(1);
  }

  @Test
  void fewLargeOnesAreAsMuchAsManySmallOnes() {
    assertThat(refuse(4, 1_000)).isZero();
    assertThat(refuse(1, 1_000)).isEqualTo(1);
  }

  @Test
  @DisplayName("Sessions of one client count up to four: more of them are no more forbearance")
  void moreSessionsAreNotReadMore() {
    assertThat(ClientAccount.mostRefused(100, 0)).isEqualTo(100);
    assertThat(ClientAccount.mostRefused(100, 1)).isEqualTo(100);
    assertThat(ClientAccount.mostRefused(100, 4)).isEqualTo(400);
    assertThat(ClientAccount.mostRefused(100, 64)).isEqualTo(400);
    assertThat(ClientAccount.mostRefused(Integer.MAX_VALUE, 64)).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  @DisplayName("Pauses double as long as they do not help, and are remembered without a link")
  void pausesDouble() {
    List<Integer> pauses = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      assertThat(account.pause()).isTrue();
      assertThat(account.pause()).as("there is one").isFalse();
      pauses.add(account.looksPaused());
      while (account.isPaused()) {
        assertThat(account.isOver()).isFalse();
        account.tick();
      }
      assertThat(account.isOver()).as("the next one would be longer").isFalse();
    }
    assertThat(pauses).containsExactly(1, 2, 4, 8, 16, 16);
    account.tick();
    assertThat(account.isOver()).isTrue();
    account.pause();
    assertThat(account.looksPaused()).isEqualTo(1);
  }
}
