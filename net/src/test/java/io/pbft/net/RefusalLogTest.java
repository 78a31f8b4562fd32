package io.pbft.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.message.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RefusalLogTest {
  private final List<String> lines = new ArrayList<>();
  private long seconds;
  private final RefusalLog log =
      new RefusalLog(() -> TimeUnit.SECONDS.toNanos(seconds), lines::add);

  @Test
  void writesFiveLinesInTenSecondsAndThenHowManyMore() {
    for (int i = 1; i <= 1_000; i++) {
      log.refused(Reason.BAD_AUTH, "attack " + i);
    }
    assertThat(lines)
        .containsExactly(
            "refused BAD_AUTH: attack 1",
            "refused BAD_AUTH: attack 2",
            "refused BAD_AUTH: attack 3",
            "refused BAD_AUTH: attack 4",
            "refused BAD_AUTH: attack 5");

    lines.clear();
    seconds = 9;
    log.tick();
    assertThat(lines).isEmpty();
    seconds = 10;
    log.tick();
    log.tick();
    assertThat(lines).containsExactly("refused BAD_AUTH: and 995 more");
  }

  @Test
  void startsAfreshAfterTenSeconds() {
    for (int i = 0; i < 6; i++) {
      log.refused(Reason.BAD_AUTH, "then");
    }
    lines.clear();
    seconds = 11;
    log.refused(Reason.BAD_AUTH, "now");

    assertThat(lines).containsExactly("refused BAD_AUTH: and 1 more", "refused BAD_AUTH: now");
  }

  @Test
  void aFloodForOneReasonDoesNotHideAnother() {
    for (int i = 0; i < 100; i++) {
      log.refused(Reason.MALFORMED, "noise");
    }
    log.refused(Reason.BAD_AUTH, "signal");

    assertThat(lines).endsWith("refused BAD_AUTH: signal");
  }

  @Test
  void saysNothingMoreWhenNothingWasHeldBack() {
    for (int i = 0; i < 5; i++) {
      log.refused(Reason.MALFORMED, "noise");
    }
    lines.clear();
    seconds = 20;
    log.tick();

    assertThat(lines).isEmpty();
  }
}
