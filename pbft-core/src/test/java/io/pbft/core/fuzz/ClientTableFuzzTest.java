package io.pbft.core.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.pbft.core.codec.Limits;
import io.pbft.core.execution.ClientTable;
import java.util.Arrays;

/** A client table from a peer's state: restored or refused, never an exception. */
class ClientTableFuzzTest {
  @FuzzTest(maxDuration = "2m")
  void restore(byte[] encoded) {
    ClientTable table = new ClientTable(4, 64, Limits.DEFAULT);
    Allocation.check(
        encoded.length,
        () -> {
          if (table.restore(encoded)) {
            checkStable(table);
          }
        });
  }

  private static void checkStable(ClientTable table) {
    byte[] once = table.encode();
    ClientTable copy = new ClientTable(4, 64, Limits.DEFAULT);
    if (!copy.restore(once) || !Arrays.equals(copy.encode(), once)) {
      throw new AssertionError("its own encoding does not restore it");
    }
  }
}
