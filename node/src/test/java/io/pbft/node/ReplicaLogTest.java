package io.pbft.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.pbft.core.Observation;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.Reason;
import io.pbft.crypto.Principal;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ReplicaLogTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(PbftReplica.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final long[] nanos = {Long.MAX_VALUE - 1};
  private final ReplicaLog log = new ReplicaLog(2, () -> nanos[0]);

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
    logger.setAdditive(false);
  }

  @AfterEach
  void restore() {
    logger.detachAppender(lines);
    logger.setAdditive(true);
  }

  private void refuse(Reason reason) {
    log.onRefused(reason, MessageType.COMMIT, Principal.replica(3), "");
  }

  @Test
  void aFloodOfRefusalsIsALineForEachReasonInTenSeconds() {
    for (int i = 0; i < 1000; i++) {
      refuse(Reason.BAD_AUTH);
    }
    refuse(Reason.WRONG_SENDER);
    nanos[0] += TimeUnit.SECONDS.toNanos(10);
    refuse(Reason.BAD_AUTH);
    assertThat(lines.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly(
            "replica 2 refused COMMIT of replica 3: BAD_AUTH (a MAC or signature that does not"
                + " verify); 0 more held back",
            "replica 2 refused COMMIT of replica 3: WRONG_SENDER (the author named inside is not"
                + " who sent it); 0 more held back",
            "replica 2 refused COMMIT of replica 3: BAD_AUTH (a MAC or signature that does not"
                + " verify); 999 more held back");
  }

  @Test
  void whatHonestPeersCauseIsNoWarning() {
    refuse(Reason.DUPLICATE_VOTE);
    assertThat(lines.list).isEmpty();
  }

  @Test
  void aDiskThatFailsIsALineAndABugIsAStackTrace() {
    log.onFailed(new IOException("No space left on device"));
    log.onFailed(new IllegalStateException("a bug"));
    assertThat(lines.list)
        .extracting(line -> line.getFormattedMessage() + " " + (line.getThrowableProxy() != null))
        .containsExactly(
            "replica 2 stopped itself: No space left on device false",
            "replica 2 stopped itself: it can no longer trust what it would say true");
  }

  @Test
  void changesOfViewAndTroubleAreTold() {
    log.onObservation(new Observation.ViewChangeStarted(5, "a reason"));
    log.onObservation(new Observation.ViewEntered(5, 1));
    log.onObservation(new Observation.Equivocation(3, 5, 9));
    assertThat(lines.list)
        .extracting(line -> line.getLevel() + " " + line.getFormattedMessage())
        .containsExactly(
            "INFO replica 2 asks for view 5: a reason",
            "INFO replica 2 is in view 5, primary is 1",
            "WARN replica 2: Equivocation[replica=3, view=5, sequence=9]");
  }
}
