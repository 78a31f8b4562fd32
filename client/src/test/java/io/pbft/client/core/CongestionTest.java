package io.pbft.client.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.message.Request;
import org.junit.jupiter.api.Test;

/** How much a session has in flight whose replicas are busy. */
final class CongestionTest {
  private static final int WINDOW = 100;
  private static final long PAUSE = 150;

  private static final long FAST = 10;

  private final Congestion congestion = new Congestion(WINDOW, PAUSE);
  private int last;

  private void answer(int count, int outstanding, long tookMillis) {
    for (int i = 0; i < count; i++) {
      congestion.onAnswered(outstanding, tookMillis);
    }
  }

  /** As many in flight as there may be. */
  private void grow() {
    answer(WINDOW, WINDOW, FAST);
  }

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
    grow();
    turnAway(5, WINDOW, 0);
    assertThat(limit()).isEqualTo(75);
  }

  @Test
  void manyCostWhatIsNotLeft() {
    grow();
    turnAway(40, WINDOW, 0);
    assertThat(limit()).isEqualTo(60);
  }

  @Test
  void aWholeBurstThatIsTurnedAwayCostsAHalf() {
    grow();
    turnAway(90, WINDOW, 0);
    assertThat(limit()).isEqualTo(50);
  }

  @Test
  void whatHasRoomStays() {
    grow();
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
    grow();
    turnAway(5, WINDOW, 0);
    turnAway(1, WINDOW, PAUSE - 1);
    assertThat(limit()).isEqualTo(75);
    turnAway(1, WINDOW, PAUSE);
    assertThat(limit()).as("of what was allowed").isEqualTo(56);
  }

  @Test
  void answersLetItGrow() {
    grow();
    turnAway(90, WINDOW, 0);
    answer(13, WINDOW, FAST);
    assertThat(limit()).isEqualTo(51);
    answer(10_000, WINDOW, FAST);
    assertThat(limit()).as("not beyond the window").isEqualTo(WINDOW);
  }

  /** What hundreds of sessions send at once that have nothing but a window looks like a flood. */
  @Test
  void aNewSessionHasFewInFlightAndOneMoreWithEachAnswer() {
    assertThat(limit()).isEqualTo(Congestion.FIRST);
    answer(20, Congestion.FIRST, FAST);
    assertThat(limit()).isEqualTo(Congestion.FIRST + 20);
    turnAway(1, Congestion.FIRST + 20, 0);
    answer(1, Congestion.FIRST, FAST);
    assertThat(limit()).as("since replicas are busy").isEqualTo((Congestion.FIRST + 20) * 3 / 4);
  }

  /** More in flight would only wait longer. */
  @Test
  void answersThatTakeLongLetItGrowNoFurther() {
    answer(1, Congestion.FIRST, FAST);
    answer(20, Congestion.FIRST, PAUSE / 2 + 1);
    assertThat(limit()).isEqualTo(Congestion.FIRST + 1);
    answer(1, Congestion.FIRST, PAUSE / 2);
    assertThat(limit()).isEqualTo(Congestion.FIRST + 2);
  }

  /** That is how far the replicas are, and says nothing of how much they have to do. */
  @Test
  void whereAllAnswersTakeLongItGrows() {
    answer(20, Congestion.FIRST, 10 * PAUSE);
    answer(1, Congestion.FIRST, 20 * PAUSE);
    assertThat(limit()).isEqualTo(Congestion.FIRST + 21);
    answer(1, Congestion.FIRST, 20 * PAUSE + 1);
    assertThat(limit()).as("twice as long").isEqualTo(Congestion.FIRST + 21);
  }

  /** Of the answer to one of several transmissions nobody knows how long it took. */
  @Test
  void anAnswerOfUnknownAgeCounts() {
    answer(1, Congestion.FIRST, -1);
    assertThat(limit()).isEqualTo(Congestion.FIRST + 1);
  }

  /** Or hours of one at a time would end in a burst. */
  @Test
  void whoDoesNotUseItGetsNoMore() {
    answer(1_000, Congestion.FIRST / 2 - 1, FAST);
    assertThat(limit()).isEqualTo(Congestion.FIRST);
  }
}
