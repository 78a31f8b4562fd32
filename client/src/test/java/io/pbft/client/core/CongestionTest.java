package io.pbft.client.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.message.Request;
import org.junit.jupiter.api.Test;

/** How much a session has in flight whose replicas are busy. */
final class CongestionTest {
  private static final int WINDOW = 100;
  private static final long PAUSE = 150;

  private final Congestion congestion = new Congestion(WINDOW, PAUSE);
  private int last;

  private void turnAway(int count, int outstanding, long at) {
    turnAway(count, outstanding, 0, at);
  }

  private void turnAway(int count, int outstanding, long room, long at) {
    for (int i = 0; i < count; i++) {
      Operation operation = new Operation(++last, Request.Kind.WRITE, new byte[0], last);
      operation.request = new Request(0, 1, last, 1, Request.Kind.WRITE, new byte[0]);
      congestion.onTurnedAway(operation, outstanding, room, at);
    }
  }

  private int limit() {
    int limit = 0;
    while (congestion.allowsBehind(limit)) {
      limit++;
    }
    return limit;
  }

  @Test
  void aFewThatAreTurnedAwayCostAQuarter() {
    turnAway(5, WINDOW, 0);
    assertThat(limit()).isEqualTo(75);
  }

  @Test
  void manyCostWhatIsNotLeft() {
    turnAway(40, WINDOW, 0);
    assertThat(limit()).isEqualTo(60);
  }

  @Test
  void aWholeBurstThatIsTurnedAwayCostsAHalf() {
    turnAway(90, WINDOW, 0);
    assertThat(limit()).isEqualTo(50);
  }

  @Test
  void whatHasRoomStays() {
    turnAway(90, WINDOW, 80, 0);
    assertThat(limit()).isEqualTo(80);
    turnAway(70, 90 + 80, 80, PAUSE);
    assertThat(limit()).as("again").isEqualTo(80);
  }

  @Test
  void roomIsNoDuty() {
    turnAway(1, 40, 1_000_000, 0);
    assertThat(limit()).as("no more than there was").isEqualTo(40);
    turnAway(1, 1 + 40, 20, PAUSE);
    assertThat(limit()).as("a quarter less is more").isEqualTo(30);
  }

  @Test
  void onceInAWhile() {
    turnAway(5, WINDOW, 0);
    turnAway(1, WINDOW, PAUSE - 1);
    assertThat(limit()).isEqualTo(75);
    turnAway(1, WINDOW, PAUSE);
    assertThat(limit()).as("of what was allowed").isEqualTo(56);
  }

  @Test
  void answersLetItGrow() {
    turnAway(90, WINDOW, 0);
    for (int i = 0; i < 13; i++) {
      congestion.onAnswered();
    }
    assertThat(limit()).isEqualTo(51);
    for (int i = 0; i < 10_000; i++) {
      congestion.onAnswered();
    }
    assertThat(limit()).as("not beyond the window").isEqualTo(WINDOW);
  }
}
