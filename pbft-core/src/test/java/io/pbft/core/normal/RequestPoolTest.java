package io.pbft.core.normal;

import static io.pbft.core.scene.Scene.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.execution.ClientTable;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Batch;
import io.pbft.core.runtime.Context;
import io.pbft.core.runtime.Defences;
import io.pbft.core.scene.Scene;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a replica keeps of the requests that it waits for. */
class RequestPoolTest {

  /** A primary does not watch itself, so nothing there asks for the oldest. */
  @Test
  void whatHasBeenExecutedIsForgottenThoughNobodyAsksForTheOldest() {
    Scene scene = Scene.of(0);
    ClientTable table = new ClientTable(4, 64, scene.config().limits());
    RequestPool pool =
        new RequestPool(new Context(0, scene.config(), message -> null, Defences.ALL), table);
    List<AuthenticatedRequest> requests =
        List.of(scene.signed(request(0, 1, 1, "a")), scene.signed(request(0, 1, 2, "b")));
    pool.onAccepted(new Batch(1, requests));
    assertThat(pool.timedCount()).isEqualTo(2);

    Scene executed = Scene.of(1).ordered(1, scene.batch(request(0, 1, 1, "a")));
    for (int s = 2; s <= executed.config().checkpointInterval(); s++) {
      executed.ordered(s, scene.batch(request(0, 1, s, "b")));
    }
    table.restore(executed.meta(executed.config().checkpointInterval()));
    pool.onExecuted(new Batch(1, requests));

    assertThat(pool.timedCount()).isZero();
    assertThat(pool.oldest()).isNull();
  }
}
