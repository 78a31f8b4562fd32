package io.pbft.lab.play;

import io.pbft.core.message.Result;
import io.pbft.lab.scenario.Phrase;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** One correct client at work: a number of operations, or as many as fit into a time. */
final class Workload {
  private static final long ENDLESS = Long.MAX_VALUE;
  private static final int DEFAULT_OPERATIONS = 30;

  private final Stage stage;
  private final Service service;
  private final int client;
  private final long operations;
  private final long endMicros;
  private final double writeShare;
  private final boolean fastReads;
  private final long periodMicros;
  private final SplittableRandom random;
  private final List<String> wrong = new ArrayList<>();
  private long begun;
  private long completed;
  private long lastWrite = -1;
  private long longestMicros;
  private long lastCompletionMicros;
  private final java.util.TreeMap<Long, Long> pending = new java.util.TreeMap<>();

  Workload(Stage stage, Service service, int client, Phrase how) {
    this.stage = stage;
    this.service = service;
    this.client = client;
    boolean timed = how.has("for");
    this.operations = timed ? ENDLESS : how.number("puts", DEFAULT_OPERATIONS);
    this.endMicros = timed ? how.span("for").toMicros(stage.config()) : ENDLESS;
    this.writeShare = how.share("mixed", 1);
    this.fastReads = how.word("reads", "ordered").equals("fast");
    this.periodMicros = how.has("rate") ? 1_000_000 / how.rate("rate") : 0;
    this.random = stage.random("client " + client);
    long outstanding = how.number("outstanding", 1);
    if (periodMicros > 0) {
      tick();
    } else {
      for (int i = 0; i < outstanding; i++) {
        next();
      }
    }
  }

  private void tick() {
    if (mayBegin()) {
      begin();
      stage.hand().after(periodMicros, this::tick);
    }
  }

  private boolean mayBegin() {
    return begun < operations && stage.hand().nowMicros() < endMicros;
  }

  private void next() {
    if (mayBegin()) {
      begin();
    }
  }

  private void begin() {
    long index = begun++;
    long before = lastWrite;
    long at = stage.hand().nowMicros();
    boolean isRead = random.nextDouble() >= writeShare;
    pending.put(index, at);
    boolean alone = pending.size() == 1;
    if (isRead && fastReads) {
      stage
          .world()
          .client(client)
          .read(service.read(client, index), r -> done(index, at, alone ? before : -2, true, r));
    } else {
      byte[] operation = isRead ? service.read(client, index) : service.write(client, index);
      lastWrite = isRead ? lastWrite : index;
      stage.world().client(client).invoke(operation, r -> done(index, at, before, isRead, r));
    }
  }

  /** A fast read beside other operations may see either side of them: it is not checked. */
  private void done(long index, long at, long lastWriteBefore, boolean isRead, Result result) {
    pending.remove(index);
    completed++;
    lastCompletionMicros = stage.hand().nowMicros();
    longestMicros = Math.max(longestMicros, lastCompletionMicros - at);
    boolean checked = lastWriteBefore >= -1;
    if (checked && !service.isRight(client, index, lastWriteBefore, isRead, result)) {
      wrong.add("client c" + client + " got a wrong answer to operation " + index);
    }
    if (periodMicros == 0) {
      next();
    }
  }

  boolean isDone() {
    return !mayBegin() && pending.isEmpty();
  }

  int client() {
    return client;
  }

  long completed() {
    return completed;
  }

  /** Answers that were wrong. */
  List<String> wrong() {
    return wrong;
  }

  /** The longest that an operation took, the ones that still wait included. */
  long longestMicros() {
    long now = stage.hand().nowMicros();
    return pending.values().stream().mapToLong(at -> now - at).reduce(longestMicros, Math::max);
  }

  long lastCompletionMicros() {
    return lastCompletionMicros;
  }
}
