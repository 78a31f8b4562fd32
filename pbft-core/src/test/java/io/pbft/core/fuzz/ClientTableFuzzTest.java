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
            checkCanonical(table, encoded);
          }
        });
  }

  private static void checkCanonical(ClientTable table, byte[] encoded) {
    if (encoded.length > 0 && !Arrays.equals(table.encode(), encoded)) {
      throw new AssertionError("restored from what it would not have written");
    }
  }
}
