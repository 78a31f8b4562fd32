package io.pbft.compare.cost;

import io.pbft.compare.cost.Line.Section;
import io.pbft.compare.pbft.PbftMeter;
import io.pbft.compare.pbft.PbftRun;
import java.util.List;

/** PBFT's MACs and signatures, of all replicas and the client together, as its messages show. */
final class CryptoCosts {
  private static final int REQUESTS = 4;

  private CryptoCosts() {}

  static List<Line> of(Protocol protocol, int n) {
    Sheet sheet = new Sheet(protocol, n, Section.CRYPTOGRAPHY);
    if (!protocol.isByzantine()) {
      return sheet.lines();
    }
    PbftMeter meter = PbftRun.meter(n, protocol.mode(), REQUESTS, 16);
    long links = 2L * n * (n - 1) + n + 1;
    // Of every frame one, and for the request one for each replica.
    sheet.number("MACs made", "2n(n-1)+2n+1", links + n, REQUESTS, meter.macsMade());
    sheet.number("MACs checked", "2n(n-1)+2n+1", links + n, REQUESTS, meter.macsChecked());
    boolean signed = protocol == Protocol.PBFT_SIGNATURE;
    long made = signed ? 3L * n : 0;
    long checked = signed ? 2L * n * (n - 1) + n : 0;
    sheet.number("signatures made", signed ? "3n" : "0", made, REQUESTS, meter.signaturesMade());
    sheet.number(
        "signatures checked",
        signed ? "2n(n-1)+n" : "0",
        checked,
        REQUESTS,
        meter.signaturesChecked());
    return sheet.lines();
  }
}
