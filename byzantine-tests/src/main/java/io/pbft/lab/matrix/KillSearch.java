package io.pbft.lab.matrix;

import io.pbft.core.validation.AuthenticationMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Looks for the attack that does the most harm once a defence is down. Slow: it plays up to all of
 * them, and some seeds of the swarm; what it finds is recorded in {@code matrix.tsv}, which {@link
 * KillMatrix} plays.
 */
public final class KillSearch {
  private static final int SWARM_SEEDS = 100;
  private static final long PATIENCE_SECONDS = 20;

  private KillSearch() {}

  /** The first that does harm, else the first that anything notices, else null. */
  public static Kill find(Weakness weakness) {
    List<Attack> attacks = new ArrayList<>(Attack.scripted());
    attacks.sort(Comparator.comparingInt(attack -> distance(weakness, attack)));
    for (long seed = 1; seed <= SWARM_SEEDS; seed++) {
      attacks.add(Attack.swarm(seed));
    }
    Kill noticed = null;
    for (Attack attack : attacks) {
      Kill kill = tryOut(weakness, attack);
      if (kill != null && kill.isHarm()) {
        return kill;
      }
      noticed = noticed == null ? kill : noticed;
    }
    return noticed;
  }

  /** Those that claim something of the defence come first, and those that sign everything last. */
  private static int distance(Weakness weakness, Attack attack) {
    boolean named =
        attack.scenario().expectations().stream()
            .anyMatch(claim -> claim.toString().contains(weakness.name()));
    boolean signed = attack.mode() == AuthenticationMode.SIGNATURE;
    return (named ? 0 : 1) + (signed ? 2 : 0);
  }

  /** Without a defence a run may never end; it is then left alone. */
  private static Kill tryOut(Weakness weakness, Attack attack) {
    CompletableFuture<Kill> played = new CompletableFuture<>();
    Thread player =
        new Thread(
            () -> {
              try {
                played.complete(Kill.of(weakness, attack));
              } catch (RuntimeException | Error e) {
                played.completeExceptionally(e);
              }
            },
            "matrix " + weakness + " " + attack);
    player.setDaemon(true);
    player.start();
    try {
      return played.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
