package io.pbft.lab.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.message.StatusQuery;
import io.pbft.crypto.Principal;
import io.pbft.lab.play.PlayListener.Cast;
import java.lang.ref.WeakReference;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a recorder keeps of the messages that it sees fly by. */
class RunRecorderTest {
  private static final Principal CLIENT = Principal.client(0);
  private static final Principal REPLICA = Principal.replica(2);
  private static final StatusQuery QUERY = new StatusQuery(0, 1);

  private final RunRecorder recorder = new RunRecorder();

  @BeforeEach
  void cast() {
    recorder.onCast(new Cast(ProtocolConfig.of(4), List.of(), List.of(0), List.of()));
  }

  @Test
  void whatArrivesTwiceIsTheCauseBothTimes() {
    byte[] payload = new byte[10];
    recorder.onSend(1_000, CLIENT, REPLICA, QUERY, payload);
    for (long at : List.of(2_000L, 3_000L)) {
      recorder.onArrived(at, CLIENT, REPLICA, payload);
      recorder.onSend(at, REPLICA, CLIENT, QUERY, new byte[10]);
    }
    RunRecord run = recorder.finish(4_000);
    assertEquals(List.of(-1, 0, 0), run.flights.stream().map(flight -> flight.cause).toList());
    assertEquals(2_000, run.flights.get(0).arrivedMicros);
  }

  @Test
  void bytesThatNobodyElseHoldsAreForgotten() {
    byte[] payload = new byte[1_000];
    recorder.onSend(1_000, CLIENT, REPLICA, QUERY, payload);
    recorder.onArrived(2_000, CLIENT, REPLICA, payload);
    WeakReference<byte[]> bytes = new WeakReference<>(payload);
    payload = null;
    for (int i = 0; i < 10 && bytes.get() != null; i++) {
      System.gc();
    }
    assertNull(bytes.get());
    assertEquals(1_000, recorder.finish(4_000).flights.get(0).bytes);
  }
}
