package io.pbft.cli;

import io.pbft.client.PbftClient;
import io.pbft.core.Quorums;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Waiting until a client has its links. */
public final class Connections {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private Connections() {}

  /**
   * Waits until a quorum of the replicas answers, but not for long. A client that sends a burst
   * before that has to sign each request, since it shares no keys with the replicas yet, which
   * costs them a thousand times what a MAC does.
   */
  public static void awaitQuorum(PbftClient client, int replicas) throws InterruptedException {
    Semaphore answers = new Semaphore(0);
    CompletableFuture<?>[] asked =
        IntStream.range(0, replicas)
            .mapToObj(id -> client.status(id).thenRun(answers::release))
            .toArray(CompletableFuture<?>[]::new);
    boolean quorum =
        answers.tryAcquire(
            Quorums.of(replicas).quorum(), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    if (!quorum) {
      // Go on with those that are there: the operation's own deadline decides.
      for (CompletableFuture<?> question : asked) {
        question.cancel(false);
      }
    }
  }
}
