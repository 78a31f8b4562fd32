package io.pbft.lab.report;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.TimerKind;
import io.pbft.core.message.Reason;
import io.pbft.crypto.Digest;
import io.pbft.lab.play.PlayListener;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What happened in one run, as it was heard. Participants are numbered as their lanes are: clients
 * first, then replicas.
 */
final class RunRecord {
  /** What a participant noticed or did. */
  enum What {
    PRE_PREPARED,
    PREPARED,
    COMMITTED,
    EXECUTED,
    STABLE,
    VIEW_CHANGE,
    ENTERED,
    EQUIVOCATION,
    TRANSFER,
    TRANSFERRED,
    DIVERGED,
    STOPPED,
    RESTARTED,
    ACCEPTED,
    GAVE_UP,
    REFUSED
  }

  /**
   * Something at one participant.
   *
   * @param view of the view it is about, or -1
   * @param slot of the slot it is about, or -1
   * @param digest or null
   * @param cause the flight whose arrival led to it, or -1
   */
  record Mark(
      long atMicros,
      int who,
      What what,
      long view,
      long slot,
      Digest digest,
      String note,
      int cause) {}

  /**
   * A correct replica refused something.
   *
   * @param who lane of the one who refuses
   * @param sender lane of the sender; -1 where a client's link is all that is known
   * @param flight what was refused; -1 if its bytes were tampered with on the way
   */
  record Refusal(long atMicros, int who, Reason reason, String kind, int sender, int flight) {}

  /** A timer from its being set; {@code how} is {@code fired}, {@code cancelled} or {@code set}. */
  record TimerSpan(int who, TimerKind kind, long fromMicros, long toMicros, String how) {}

  /** A client's operation; {@code toMicros} is -1 while it waits. */
  record Operation(int who, long number, long timestamp, long fromMicros, long toMicros) {}

  /** Something that befell the network; {@code toMicros} is -1 if it went on to the end. */
  record Incident(String what, long fromMicros, long toMicros) {}

  /** A traitor, {@code who}, acts as if a message from {@code sender} had not come. */
  record Ignored(long atMicros, int who, int sender, String kind, int flight) {}

  final PlayListener.Cast cast;
  final List<String> names = new ArrayList<>();
  final List<Flight> flights = new ArrayList<>();
  final List<Mark> marks = new ArrayList<>();
  final List<Refusal> refusals = new ArrayList<>();
  final List<TimerSpan> timers = new ArrayList<>();
  final List<Operation> operations = new ArrayList<>();
  final List<Incident> incidents = new ArrayList<>();
  final List<Ignored> ignored = new ArrayList<>();

  /** The slot at which a client's request was proposed, by lane and timestamp. */
  final TreeMap<String, Long> slotOfRequest = new TreeMap<>();

  long endMicros;

  RunRecord(PlayListener.Cast cast) {
    this.cast = cast;
    cast.clients().forEach(c -> names.add("c" + c));
    cast.badClients().stream()
        .filter(c -> !cast.clients().contains(c))
        .forEach(c -> names.add("c" + c));
    for (int i = 0; i < cast.config().n(); i++) {
      names.add("r" + i);
    }
  }

  ProtocolConfig config() {
    return cast.config();
  }

  int n() {
    return cast.config().n();
  }

  int f() {
    return cast.config().quorums().f();
  }

  int clients() {
    return names.size() - n();
  }

  int lane(int replica) {
    return clients() + replica;
  }

  boolean isReplica(int lane) {
    return lane >= clients();
  }

  boolean isTraitor(int lane) {
    return isReplica(lane)
        ? cast.traitors().contains(lane - clients())
        : cast.badClients().contains(Integer.parseInt(names.get(lane).substring(1)));
  }

  String name(int lane) {
    return lane < 0 ? "a client" : names.get(lane);
  }

  List<Mark> marks(What what) {
    return marks.stream().filter(m -> m.what() == what).toList();
  }

  /** What correct replicas noticed, of one sort. */
  List<Mark> correctMarks(What what) {
    return marks.stream().filter(m -> m.what() == what && !isTraitor(m.who())).toList();
  }

  List<Flight> lies() {
    return flights.stream().filter(Flight::isLie).toList();
  }
}
