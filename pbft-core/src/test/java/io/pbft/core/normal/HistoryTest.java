package io.pbft.core.normal;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.codec.Limits;
import io.pbft.core.message.Batch;
import io.pbft.core.scene.Scene;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The decided batches below h: the last ones, without a gap, and not too many")
class HistoryTest {
  private static final long BYTES = 64L * 1024 * 1024;

  private final Scene scene = Scene.of(0);

  private Batch batch(int operationBytes) {
    return scene.batch(Scene.request(0, 1, 1, "x".repeat(operationBytes)));
  }

  @Test
  void theLastOnesAreHeld() {
    History history = new History(3, BYTES);
    Batch batch = batch(1);
    for (long s = 1; s <= 5; s++) {
      history.add(s, batch);
    }
    assertThat(history.digest(2)).isNull();
    for (long s = 3; s <= 5; s++) {
      assertThat(history.digest(s)).isEqualTo(batch.digest());
      assertThat(history.batch(s, Limits.DEFAULT).digest()).isEqualTo(batch.digest());
      assertThat(history.batch(s, Limits.DEFAULT).requests())
          .usingRecursiveComparison()
          .isEqualTo(batch.requests());
    }
    assertThat(history.digest(6)).isNull();
    assertThat(history.batch(2, Limits.DEFAULT)).isNull();
    assertThat(history.batch(6, Limits.DEFAULT)).isNull();
    assertThat(history.digest(0)).isNull();
    assertThat(history.digest(-1)).isNull();
  }

  @Test
  void afterAGapItBeginsAnew() {
    History history = new History(3, BYTES);
    history.add(1, batch(1));
    history.add(2, null);
    assertThat(history.digest(1)).isNull();
    history.add(3, batch(1));
    history.add(7, batch(1));
    assertThat(List.of(1L, 2L, 3L, 4L, 5L, 6L)).allMatch(s -> history.digest(s) == null);
    assertThat(history.digest(7)).isNotNull();
  }

  @Test
  void nothingIsHeldWhereThereIsNoRoom() {
    History history = new History(0, BYTES);
    history.add(1, batch(1));
    history.add(2, batch(1));
    assertThat(history.digest(1)).isNull();
    assertThat(history.digest(2)).isNull();
  }

  @Test
  @DisplayName("64 MiB in all")
  void largeBatchesTakeTheRoomOfMany() {
    History history = new History(1000, BYTES);
    Batch large = batch(1024 * 1024 - 512);
    for (long s = 1; s <= 100; s++) {
      history.add(s, large);
    }
    assertThat(history.digest(100)).isNotNull();
    assertThat(history.digest(100 - 63)).isNotNull();
    assertThat(history.digest(100 - 64)).isNull();
  }

  @Test
  @DisplayName("128 MiB of what somebody will ask for in a moment, and 64 again when nobody will")
  void whatSomebodyNeedsMayTakeTwiceTheRoom() {
    History history = new History(1000, BYTES);
    Batch large = batch(1024 * 1024 - 512);
    for (long s = 1; s <= 60; s++) {
      history.add(s, large);
    }
    history.needFrom(30);
    for (long s = 61; s <= 157; s++) {
      history.add(s, large);
      assertThat(history.digest(30)).as("when there are %s", s).isNotNull();
    }
    assertThat(history.digest(29)).isNull();
    history.add(158, large);
    assertThat(history.digest(30)).as("the bound").isNull();
    assertThat(history.digest(31)).isNotNull();

    history.needFrom(Long.MAX_VALUE);
    history.add(159, large);
    assertThat(history.digest(159 - 63)).isNotNull();
    assertThat(history.digest(159 - 64)).isNull();
  }

  @Test
  void aBatchThatIsTooLargeIsNotHeld() {
    History history = new History(10, BYTES);
    history.add(1, batch(1));
    history.add(2, batch((int) BYTES));
    assertThat(history.digest(1)).isNull();
    assertThat(history.digest(2)).isNull();
    history.add(3, batch(1));
    assertThat(history.digest(3)).isNotNull();
  }
}
