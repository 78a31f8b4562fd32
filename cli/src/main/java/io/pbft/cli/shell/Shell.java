package io.pbft.cli.shell;

import io.pbft.cli.CliException;
import io.pbft.cli.Console;
import io.pbft.client.ReadMode;
import io.pbft.examples.kv.KvClient;
import io.pbft.examples.kv.KvException;
import io.pbft.examples.kv.KvOperation;
import io.pbft.examples.kv.KvResult;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads commands ahead and answers them in order: the calling thread reads and submits, a second
 * one waits for the oldest answer and prints it.
 *
 * <p>The cluster executes ordered operations in the order of submission. Fast and stale reads are
 * not part of that order, so the shell keeps them apart from writes: it lets everything in flight
 * come back before it goes from the one kind to the other. A scan is as many operations as it has
 * pages, so nothing is submitted before it is complete.
 */
public final class Shell {
  public static final int MAX_IN_FLIGHT = 512;

  private static final String PROMPT = "kv> ";
  private static final String HELP =
      "put KEY VALUE | get KEY | del KEY | cas KEY OLD NEW | scan PREFIX | exit";
  private static final int SCAN_PAGE = 1_000;

  private final Console console;
  private final KvClient store;
  private final ReadMode readMode;
  private final int inFlight;
  private final Duration timeout;
  private final Semaphore permits;
  private final BlockingQueue<Pending> pending = new LinkedBlockingQueue<>();
  private boolean unorderedInFlight;
  private boolean malformed;
  private volatile boolean unreachable;

  /** A line's answer to come. The queue is bounded by the permits, which printing gives back. */
  private record Pending(CompletableFuture<String> answer, boolean last) {}

  /**
   * @param inFlight operations submitted and not yet answered, at most
   * @param timeout without an answer for so long, the cluster counts as out of reach
   */
  public Shell(Console console, KvClient store, ReadMode readMode, int inFlight, Duration timeout) {
    this.console = console;
    this.store = store;
    this.readMode = readMode;
    this.inFlight = inFlight;
    this.timeout = timeout;
    this.permits = new Semaphore(inFlight);
  }

  /**
   * Serves until the input ends.
   *
   * @return 0, or 2 if a line could not be understood
   * @throws CliException if the cluster does not answer
   */
  public int run() throws CliException {
    Thread printer = new Thread(this::print, "shell-answers");
    printer.setDaemon(true);
    printer.start();
    try {
      readAll();
      pending.add(new Pending(CompletableFuture.completedFuture(""), true));
      printer.join();
    } catch (IOException e) {
      throw CliException.failed("standard input: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CliException.failed("interrupted", e);
    }
    if (unreachable) {
      throw CliException.failed(
          "no answer from the cluster within "
              + timeout.toMillis() / 1000.0
              + "s; the operations without one may still be carried out");
    }
    return malformed ? 2 : 0;
  }

  private void readAll() throws IOException, InterruptedException {
    LineSource lines = new LineSource(console.in());
    prompt();
    for (long number = 1; !unreachable; number++) {
      LineSource.Line line = lines.next();
      if (line == null) {
        return;
      }
      ShellLine parsed =
          line.text() == null ? new ShellLine.Wrong(line.wrong()) : ShellLine.parse(line.text());
      if (parsed instanceof ShellLine.Exit) {
        return;
      }
      handle(parsed, number);
      prompt();
    }
  }

  /** People read one answer before they type the next line. */
  private void prompt() throws InterruptedException {
    if (!console.terminalIn()) {
      return;
    }
    drain();
    if (!unreachable) {
      console.out().print(PROMPT);
      console.out().flush();
    }
  }

  private void handle(ShellLine line, long number) throws InterruptedException {
    if (line instanceof ShellLine.Ask ask) {
      submit(ask.operation());
    } else if (line instanceof ShellLine.Wrong wrong) {
      malformed = true;
      answer(CompletableFuture.completedFuture("ERROR line " + number + ": " + wrong.why()));
    } else if (line instanceof ShellLine.Help) {
      answer(CompletableFuture.completedFuture(HELP));
    }
  }

  private void submit(KvOperation operation) throws InterruptedException {
    boolean unordered = operation.readOnly() && readMode != ReadMode.ORDERED;
    if (unordered != unorderedInFlight) {
      drain();
      unorderedInFlight = unordered;
    }
    permits.acquire();
    if (operation instanceof KvOperation.Scan scan) {
      CompletableFuture<String> answer = scan(scan, new StringBuilder());
      pending.add(new Pending(answer, false));
      drain();
    } else {
      pending.add(
          new Pending(
              perform(operation)
                  .thenApply(
                      result ->
                          operation instanceof KvOperation.Delete ? "OK" : Answers.of(result)),
              false));
    }
  }

  private CompletableFuture<KvResult> perform(KvOperation operation) {
    return store.perform(operation, readMode).orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private CompletableFuture<String> scan(KvOperation.Scan scan, StringBuilder lines) {
    return perform(new KvOperation.Scan(scan.prefix(), scan.after(), SCAN_PAGE))
        .thenCompose(
            result -> {
              KvResult.Entries page = (KvResult.Entries) result;
              byte[] last = null;
              for (KvResult.Entry entry : page.entries()) {
                lines.append(Answers.entry(entry)).append('\n');
                last = entry.key();
              }
              return page.more()
                  ? scan(new KvOperation.Scan(scan.prefix(), last, SCAN_PAGE), lines)
                  : CompletableFuture.completedFuture(
                      lines.append(lines.isEmpty() ? "NONE" : "OK").toString());
            });
  }

  private void answer(CompletableFuture<String> answer) throws InterruptedException {
    permits.acquire();
    pending.add(new Pending(answer, false));
  }

  /** Waits until everything submitted has been answered. */
  private void drain() throws InterruptedException {
    permits.acquire(inFlight);
    permits.release(inFlight);
  }

  /** The printing thread: flushes whenever it would wait. */
  private void print() {
    try {
      for (Pending next = take(); !next.last(); next = take()) {
        if (!next.answer().isDone()) {
          console.out().flush();
        }
        console.out().println(textOf(next.answer()));
        permits.release();
      }
      console.out().flush();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Pending take() throws InterruptedException {
    Pending next = pending.poll();
    if (next == null) {
      console.out().flush();
      next = pending.take();
    }
    return next;
  }

  private String textOf(CompletableFuture<String> answer) {
    try {
      return answer.join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof TimeoutException) {
        unreachable = true;
        return "ERROR no answer in time";
      }
      return "ERROR " + (cause instanceof KvException ? cause.getMessage() : cause.toString());
    }
  }
}
