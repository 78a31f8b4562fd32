package io.pbft.bench;

import io.pbft.core.codec.Codec;
import io.pbft.core.codec.Limits;
import io.pbft.core.driver.StateHost;
import io.pbft.core.spi.ExecutionContext;
import io.pbft.crypto.Digest;
import io.pbft.examples.kv.KvStateMachine;
import io.pbft.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The part of a replica that checkpoints concern: one thread executes batches at a fixed rate and
 * takes a snapshot at each checkpoint; the store hashes and writes it to disk beside it. A batch's
 * time is from when it was due to its end, so that a pause counts for all that it holds up.
 */
@Command(
    name = "checkpoint-pause",
    description = "How long does a checkpoint of a big state stop operations?",
    mixinStandardHelpOptions = true)
final class CheckpointPause implements Callable<Integer> {
  private static final int INTERVAL = 128;

  @Mixin private final StateOptions state = new StateOptions(1000);

  @Option(names = "--rate", description = "operations a second (${DEFAULT-VALUE})")
  private int rate = 10_000;

  @Option(names = "--batch", description = "operations in a batch (${DEFAULT-VALUE})")
  private int batch = 50;

  @Option(names = "--seconds", description = "how long to measure (${DEFAULT-VALUE})")
  private int seconds = 60;

  private final Machine machine = new Machine();
  private final Pauses pauses = new Pauses();
  private final Histogram taking = new Histogram(3);
  private final Histogram toDurable = new Histogram(3);
  private long takenAt;
  private long takenSequence;

  @Override
  public Integer call() throws Exception {
    System.out.println(Machine.settings());
    Entries entries = state.entries();
    KvStateMachine store = entries.filledStore();
    System.out.printf(
        Locale.ROOT,
        "state: %d entries, %d MB; %d operations a second in batches of %d, a checkpoint every %d%n",
        entries.count(),
        state.megabytes(),
        rate,
        batch,
        INTERVAL);
    Path directory = Files.createTempDirectory("pbft-bench");
    try (Storage.Opened storage =
        Storage.open(
            directory,
            Digest.ZERO,
            0,
            new Codec(Limits.DEFAULT),
            Storage.Options.of(Storage.Mode.SYNC))) {
      measure(entries, store, new StateHost(store, storage.snapshots()));
    } finally {
      Directories.delete(directory);
    }
    return 0;
  }

  private void measure(Entries entries, KvStateMachine store, StateHost host) throws IOException {
    SplittableRandom random = new SplittableRandom(2);
    long period = TimeUnit.SECONDS.toNanos(1) * batch / rate;
    long sequence = 0;
    // The first checkpoint hashes and writes everything; it is not what the others are.
    host.take(++sequence, new byte[0]);
    while (!host.announce((at, digest) -> {})) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
    System.out.println("measuring, " + Machine.load());
    machine.resetPauses();
    long due = System.nanoTime();
    long end = due + TimeUnit.SECONDS.toNanos(seconds);
    while (due < end) {
      due += period;
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      boolean checkpoint = takenSequence > 0;
      for (int i = 0; i < batch; i++) {
        store.execute(entries.randomPut(random).encode(), new ExecutionContext(sequence, 0, 0));
      }
      sequence++;
      checkpoint |= finishBatch(host, sequence);
      pauses.record(System.nanoTime() - due, checkpoint);
    }
    print();
  }

  /** As the driver does after each batch; whether it took a snapshot. */
  private boolean finishBatch(StateHost host, long sequence) {
    host.announce(
        (at, digest) -> {
          if (at == takenSequence) {
            toDurable.recordValue(System.nanoTime() - takenAt);
            takenSequence = 0;
          }
          host.discard(at, java.util.List.of());
        });
    if (sequence % INTERVAL != 0 || takenSequence > 0) {
      return false;
    }
    takenAt = System.nanoTime();
    takenSequence = sequence;
    host.take(sequence, new byte[0]);
    taking.recordValue(System.nanoTime() - takenAt);
    return true;
  }

  private void print() {
    System.out.println("done, " + Machine.load() + "; " + machine.collector());
    System.out.printf(
        Locale.ROOT,
        "%d checkpoints: taking the snapshot at most %.3f ms; durable after %.0f ms (median), %.0f"
            + " ms (longest)%n",
        taking.getTotalCount(),
        taking.getMaxValue() / 1e6,
        toDurable.getValueAtPercentile(50) / 1e6,
        toDurable.getMaxValue() / 1e6);
    pauses.print("batch, from due to done");
  }
}
