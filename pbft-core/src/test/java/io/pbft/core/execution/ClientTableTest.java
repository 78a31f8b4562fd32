package io.pbft.core.execution;

import static io.pbft.core.scene.Scene.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.codec.Limits;
import io.pbft.core.codec.Writer;
import io.pbft.core.message.Request;
import io.pbft.core.message.Result;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The duplicate filter, a part of the replicated state")
class ClientTableTest {
  private final ClientTable table = new ClientTable(3, 64, Limits.DEFAULT);

  private boolean execute(int client, long session, long timestamp, long sequence) {
    Request request = request(client, session, timestamp, "op");
    boolean admitted = table.admit(request, sequence);
    if (admitted) {
      table.record(request, new Result(Result.Outcome.OK, request.operation()));
    }
    return admitted;
  }

  @Test
  void onlyTheNextTimestampOfASessionIsAdmitted() {
    assertThat(execute(0, 1, 2, 1)).isFalse();
    assertThat(execute(0, 1, 1, 2)).isTrue();
    assertThat(execute(0, 1, 1, 3)).isFalse();
    assertThat(execute(0, 1, 3, 4)).isFalse();
    assertThat(execute(0, 1, 2, 5)).isTrue();
  }

  @Test
  @DisplayName("One session too many: the one that executed longest ago goes")
  void theIdlestSessionIsEvicted() {
    execute(0, 5, 1, 1);
    execute(0, 6, 1, 2);
    execute(0, 7, 1, 3);
    execute(0, 5, 2, 4);
    execute(0, 8, 1, 5);
    assertThat(table.isExpired(0, 6)).isTrue();
    assertThat(table.last(0, 5)).isEqualTo(2);
    assertThat(table.last(0, 8)).isEqualTo(1);
  }

  @Test
  @DisplayName("An evicted session can't be opened again, so its requests can't be replayed")
  void evictionOpensNoDoorForReplay() {
    for (long session = 1; session <= 4; session++) {
      execute(0, session, 1, session);
    }
    assertThat(table.standing(request(0, 1, 1, "op"))).isEqualTo(ClientTable.Standing.EXPIRED);
    assertThat(execute(0, 1, 1, 9)).isFalse();
    assertThat(execute(0, 1, 2, 10)).isFalse();
  }

  @Test
  @DisplayName("Nor can any session below an evicted one, known or not")
  void sessionsBelowTheFloorStayClosed() {
    execute(0, 10, 1, 1);
    execute(0, 11, 1, 2);
    execute(0, 12, 1, 3);
    execute(0, 13, 1, 4);
    assertThat(table.standing(request(0, 9, 1, "op"))).isEqualTo(ClientTable.Standing.EXPIRED);
    assertThat(table.standing(request(0, 14, 1, "op"))).isEqualTo(ClientTable.Standing.NEXT);
  }

  @Test
  void oneClientsSessionsDoNotEvictAnothers() {
    execute(1, 1, 1, 1);
    for (long session = 1; session <= 10; session++) {
      execute(0, session, 1, session);
    }
    assertThat(table.last(1, 1)).isEqualTo(1);
  }

  @Test
  void cachedRepliesAreBoundedInBytesAndTheNewestIsKept() {
    Limits small = new Limits(2 * 1024 * 1024, 1000, 100, 10, 1000);
    ClientTable bounded = new ClientTable(3, 64, small);
    for (long t = 1; t <= 50; t++) {
      Request request = request(0, 1, t, "op");
      bounded.admit(request, t);
      bounded.record(request, new Result(Result.Outcome.OK, new byte[100]));
    }
    assertThat(bounded.result(request(0, 1, 46, "op"))).isNull();
    assertThat(bounded.result(request(0, 1, 47, "op"))).isNotNull();
    assertThat(bounded.encode().length).isLessThan(1000);
  }

  @Test
  @DisplayName("A client that acknowledges nothing fills no memory, be its results ever so small")
  void repliesFurtherBackThanTheWindowAreNotKept() {
    for (long t = 1; t <= 1000; t++) {
      Request request = new Request(0, 1, t, 1, Request.Kind.WRITE, new byte[0]);
      table.admit(request, t);
      table.record(request, new Result(Result.Outcome.OK, new byte[0]));
    }
    assertThat(table.result(request(0, 1, 1000 - 64, "op"))).isNull();
    assertThat(table.result(request(0, 1, 1000 - 63, "op"))).isNotNull();
    assertThat(table.encode().length).isLessThan(64 * 20);
  }

  @Test
  void itsEncodingRestoresIt() {
    execute(3, 1, 1, 1);
    execute(0, 7, 1, 2);
    execute(0, 7, 2, 3);
    table.advanceTime(99);
    ClientTable copy = new ClientTable(3, 64, Limits.DEFAULT);
    assertThat(copy.restore(table.encode())).isTrue();
    assertThat(copy.encode()).isEqualTo(table.encode());
    assertThat(copy.lastTime()).isEqualTo(99);
    assertThat(copy.result(request(0, 7, 2, "op"))).isNotNull();
  }

  @Test
  void theEncodingDependsOnTheContentsNotOnHowTheyCameAbout() {
    execute(0, 1, 1, 1);
    execute(1, 1, 1, 1);
    ClientTable other = new ClientTable(3, 64, Limits.DEFAULT);
    for (int client = 1; client >= 0; client--) {
      Request request = request(client, 1, 1, "op");
      other.admit(request, 1);
      other.record(request, new Result(Result.Outcome.OK, request.operation()));
    }
    assertThat(other.encode()).isEqualTo(table.encode());
  }

  /** One client with two sessions that have executed nothing, in this order. */
  private static byte[] twoSessions(long first, long second) {
    Writer w = new Writer().int64(0).int32(1).int32(0).int64(0).int32(2);
    for (long session : new long[] {first, second}) {
      w.int64(session).int64(0).int64(0).int32(0);
    }
    return w.toBytes();
  }

  @Test
  void onlyTheCanonicalEncodingIsATable() {
    assertThat(table.restore(twoSessions(3, 7))).isTrue();
    assertThat(table.restore(twoSessions(7, 3))).as("out of order").isFalse();
    assertThat(table.restore(twoSessions(7, 7))).as("twice").isFalse();
  }

  @Test
  void anEncodingCutShortIsNoTable() {
    execute(0, 1, 1, 1);
    byte[] encoded = table.encode();
    for (int length = 1; length < encoded.length; length++) {
      ClientTable other = new ClientTable(3, 64, Limits.DEFAULT);
      assertThat(other.restore(Arrays.copyOf(encoded, length))).isFalse();
    }
  }
}
