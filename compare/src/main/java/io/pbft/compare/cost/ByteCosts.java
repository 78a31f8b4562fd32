package io.pbft.compare.cost;

import io.pbft.compare.cost.Line.Section;
import io.pbft.compare.pbft.PbftMeter;
import io.pbft.compare.pbft.PbftRun;
import io.pbft.compare.raft.RaftRun;
import io.pbft.compare.sim.Measured;
import io.pbft.compare.sim.Message.Purpose;
import io.pbft.core.validation.AuthenticationMode;
import java.util.List;

/**
 * Bytes between replicas, for operations of several sizes. PBFT's are measured: those of the
 * production encoding, frame and authentication included. The others' are modelled: the messages
 * that were counted, times what a compact encoding without authentication would need.
 */
public final class ByteCosts {
  /** Of the operation. */
  public static final List<Integer> SIZES = List.of(16, 256, 1_024, 4_096, 16_384, 65_536);

  /** The model. */
  public static final String MODEL =
      "bytes: PBFT's are those of its encoding, frames and authentication; the others' are modelled"
          + " as 69 bytes and the operation for a message that carries it, 37 for any other";

  private static final int WITH = 69;
  private static final int WITHOUT = 37;
  private static final int REQUESTS = 2;

  /** A pre-prepare of one request without its operation and its MACs, with the frame. */
  private static final int PRE_PREPARE = 124;

  /** A request's MAC and the name of its key, for each replica. */
  private static final int REQUEST_MAC = 20;

  /** A prepare or commit, with the frame. */
  private static final int VOTE = 74;

  private static final int SIGNATURE = 64;

  private ByteCosts() {}

  static List<Line> of(Protocol protocol, int n) {
    Sheet sheet = new Sheet(protocol, n, Section.BYTES);
    Measured measured = protocol.isByzantine() ? null : protocol.measure(n);
    for (int size : SIZES) {
      if (protocol.isByzantine()) {
        pbft(sheet, protocol, n, size);
      } else {
        modelled(sheet, protocol, n, size, measured);
      }
    }
    return sheet.lines();
  }

  private static void pbft(Sheet sheet, Protocol protocol, int n, int size) {
    boolean signed = protocol == Protocol.PBFT_SIGNATURE;
    int proposal = PRE_PREPARE + (signed ? SIGNATURE : 0);
    int vote = VOTE + (signed ? SIGNATURE : 0);
    long m = n - 1L;
    AuthenticationMode mode = protocol.mode();
    PbftMeter meter = PbftRun.meter(n, mode, REQUESTS, size);
    sheet.number(
        "bytes, operation of " + size,
        "(n-1)(" + proposal + "+20n+S)+(n-1)(2n-1)" + vote,
        m * (proposal + (long) REQUEST_MAC * n + size) + m * (2L * n - 1) * vote,
        REQUESTS,
        meter.replicaBytes());
  }

  private static void modelled(Sheet sheet, Protocol protocol, int n, int size, Measured measured) {
    long m = n - 1L;
    long all = 0;
    long carrying = 0;
    for (String type : textbook(protocol)) {
      long sent = measured.counters().of(Purpose.ORDERING, type).sent();
      all += sent;
      carrying += isCarrying(type) ? sent : 0;
    }
    int with = (int) textbook(protocol).stream().filter(ByteCosts::isCarrying).count();
    int without = textbook(protocol).size() - with;
    sheet.number(
        "bytes (model), operation of " + size,
        times(with) + "(n-1)(69+S)+" + times(without) + "(n-1)37",
        with * m * (WITH + size) + without * m * WITHOUT,
        measured.requests(),
        carrying * (WITH + size) + (all - carrying) * WITHOUT);
  }

  private static String times(int factor) {
    return factor == 1 ? "" : String.valueOf(factor);
  }

  private static boolean isCarrying(String type) {
    return switch (type) {
      case RaftRun.APPEND, "ACCEPT", "DECIDE", "PROPOSE" -> true;
      default -> false;
    };
  }

  private static List<String> textbook(Protocol protocol) {
    return switch (protocol) {
      case RAFT -> List.of(RaftRun.APPEND, RaftRun.APPEND_OK);
      case BASIC_PAXOS -> List.of("PREPARE", "PROMISE", "ACCEPT", "ACCEPTED", "DECIDE");
      case MULTI_PAXOS -> List.of("ACCEPT", "ACCEPTED", "COMMIT");
      case ZAB -> List.of("PROPOSE", "ACK", "COMMIT");
      default -> throw new IllegalArgumentException(protocol + " is measured");
    };
  }
}
