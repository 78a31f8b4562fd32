package io.pbft.core.execution;

import static io.pbft.core.execution.ReadShare.LEAST_A_BATCH;
import static io.pbft.core.execution.ReadShare.MOST_SAVED;
import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Batch;
import io.pbft.core.message.Request;
import io.pbft.core.message.RequestAuthenticator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A client's share of the bytes of unordered reads, beside the requests of others")
class ReadShareTest {
  private static final int READER = 9;
  private static final int MANY = 50;
  private static final int LONG = 100_000;

  private final ReadShare share = new ReadShare();
  private long now = 1_000_000;

  private void executed(int bytes, int... clients) {
    share.onExecuted(
        new Batch(now, IntStream.of(clients).mapToObj(client -> request(client, bytes)).toList()),
        now);
  }

  private static AuthenticatedRequest request(int client, int bytes) {
    Request request = new Request(client, 1, 1, 1, Request.Kind.WRITE, new byte[bytes]);
    return new AuthenticatedRequest(
        request, new RequestAuthenticator.Macs(new int[4], new byte[64]));
  }

  private int taken(int reader, int bytes) {
    int taken = 0;
    for (int i = 0; i < MANY; i++) {
      taken += share.takes(reader, bytes, now) ? 1 : 0;
    }
    return taken;
  }

  @Test
  void whoIsAloneReadsAsMuchAsItLikes() {
    assertThat(taken(READER, LONG)).isEqualTo(MANY);
  }

  @Test
  @DisplayName("In the long run a reader has as many bytes as each of the others on average")
  void longReadsGoWithTheRequestsOfOthers() {
    long batches = 40;
    long read = 0;
    for (int i = 0; i < batches; i++) {
      executed(LONG, 0, 1, 2, 3);
      read += taken(READER, LONG / 2);
    }
    assertThat(read * LONG / 2).isBetween(batches * LONG, (batches + 2) * LONG);
  }

  @Test
  @DisplayName("Beside short requests each batch brings a little; idle time saves no more")
  void shortRequestsLeaveSomeLongReads() {
    executed(0, 0);
    assertThat(taken(READER, LEAST_A_BATCH)).isEqualTo(MOST_SAVED / LEAST_A_BATCH);
    executed(0, 0);
    assertThat(taken(READER, LEAST_A_BATCH)).isEqualTo(1);
    for (int i = 0; i < MANY; i++) {
      executed(0, 0);
    }
    assertThat(taken(READER, LEAST_A_BATCH)).isEqualTo(MOST_SAVED / LEAST_A_BATCH);
  }

  @Test
  @DisplayName("One read may be longer than what there is, and the next ones wait for it")
  void aReadMayBeLongerThanTheShare() {
    executed(0, 0);
    assertThat(taken(READER, MOST_SAVED + 2 * LEAST_A_BATCH)).isEqualTo(1);
    executed(0, 0);
    executed(0, 0);
    assertThat(taken(READER, LEAST_A_BATCH)).isZero();
    executed(0, 0);
    assertThat(taken(READER, LEAST_A_BATCH)).isEqualTo(1);
  }

  @Test
  void shortReadsAreFree() {
    executed(0, 0);
    taken(READER, LONG);
    assertThat(taken(READER, ReadShare.SHORT)).isEqualTo(MANY);
  }

  @Test
  void eachReaderHasAShareOfItsOwn() {
    executed(0, 0);
    assertThat(taken(READER, MOST_SAVED)).isEqualTo(1);
    assertThat(taken(READER + 1, MOST_SAVED)).isEqualTo(1);
  }

  @Test
  @DisplayName("Its own requests are no competition, and others' are for a moment only")
  void whoCompetes() {
    executed(0, READER);
    executed(0, READER);
    assertThat(taken(READER, LONG)).isEqualTo(MANY);
    executed(0, READER, 1, READER);
    assertThat(taken(READER, LONG)).isEqualTo(1);
    now += ReadShare.COMPETES_MILLIS - 1;
    executed(0, READER);
    assertThat(taken(READER, LONG)).isZero();
    now += 1;
    executed(0, READER);
    assertThat(taken(READER, LONG)).isEqualTo(MANY);
  }
}
