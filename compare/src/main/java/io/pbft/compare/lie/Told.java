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
 */
public record Told(String protocol, int n, String lie, Aftermath aftermath) {
  private static final int SHOWN_DIGITS = 8;

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
