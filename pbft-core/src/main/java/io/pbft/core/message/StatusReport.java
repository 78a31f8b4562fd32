package io.pbft.core.message;

import java.util.List;

/**
 * How a replica sees itself, for operators.
 *
 * @param logSize sequence numbers held in the log
 * @param peersConnected authenticated links to other replicas
 * @param divergences checkpoints, since the start, at which the replica's own state was not the
 *     quorum's; it fetches the quorum's then
 * @param waitingFor why the replica waits and for whom; empty when it does not
 * @param refusals how often each reason was counted since start
 */
public record StatusReport(
    long nonce,
    long view,
    boolean active,
    long lastExecuted,
    long stableCheckpoint,
    int logSize,
    int peersConnected,
    long divergences,
    String waitingFor,
    List<Count> refusals,
    int replica)
    implements ReplicaMessage {

  /** A counter: a reason and how often it was counted. */
  public record Count(String reason, long count) {}

  public StatusReport {
    refusals = List.copyOf(refusals);
  }

  @Override
  public MessageType type() {
    return MessageType.STATUS_REPORT;
  }
}
