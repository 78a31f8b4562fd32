package io.pbft.compare.lie;

import io.pbft.compare.sim.Aftermath;
import io.pbft.crypto.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A lie that was told, and what came of it.
 *
 * @param protocol to whose replicas, and how many
 * @param lie what the leader did
 * @param page the lab's report of the same lie; null where the lab does not play the protocol
 */
public record Told(String protocol, int n, String lie, Aftermath aftermath, LiePage page) {
  private static final int SHOWN_DIGITS = 8;

  /** Of a protocol that the lab does not play. */
  Told(String protocol, int n, String lie, Aftermath aftermath) {
    this(protocol, n, lie, aftermath, null);
  }

  public Outcome outcome() {
    return Outcome.of(aftermath);
  }

  /** Whether any correct replica has noticed. */
  public boolean isNoticed() {
    return !aftermath.noticed().isEmpty();
  }

  /** Each correct replica's state as the beginning of its digest. */
  public List<String> digests() {
    return aftermath.states().stream()
        .map(
            state -> "r" + state.replica() + " " + hex(state.contents()).substring(0, SHOWN_DIGITS))
        .toList();
  }

  private static String hex(String contents) {
    return Digest.of(contents.getBytes(StandardCharsets.UTF_8)).toHex();
  }
}
