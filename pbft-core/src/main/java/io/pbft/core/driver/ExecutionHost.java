package io.pbft.core.driver;

import io.pbft.core.message.Request;
import io.pbft.core.message.Result;
import io.pbft.core.spi.ExecutionContext;
import io.pbft.core.spi.StateMachine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs the user's operations. Whatever they throw becomes a {@code FAILED} result with the class
 * name of what was thrown; so does a stack overflow (the stacks of the threads that may be the
 * owner have the same size at every replica). Other errors of the virtual machine, such as a lack
 * of memory, hit one replica and not the others: they are not turned into results but stop the
 * replica. A null result is {@code FAILED} with {@value #NULL_RESULT}, one above the limit with
 * {@value #TOO_LARGE}.
 */
final class ExecutionHost {
  static final String NULL_RESULT = "null result";
  static final String TOO_LARGE = "result too large";

  private interface Operation {
    byte[] run();
  }

  private final StateMachine machine;
  private final int maxResultBytes;
  // Services often answer the same: what is equal is one object, and its digest made once.
  private Result latest = new Result(Result.Outcome.OK, new byte[0]);

  ExecutionHost(StateMachine machine, int maxResultBytes) {
    this.machine = machine;
    this.maxResultBytes = maxResultBytes;
  }

  /** One result for each request, in order. */
  List<Result> execute(long sequence, long time, List<Request> requests) {
    List<Result> results = new ArrayList<>(requests.size());
    for (Request request : requests) {
      // Copies, because the batch may yet be sent to others, whatever the machine does with it.
      byte[] operation = request.operation().clone();
      results.add(
          request.kind() == Request.Kind.READ
              ? run(() -> machine.query(operation))
              : run(
                  () ->
                      machine.execute(
                          operation, new ExecutionContext(sequence, time, request.client()))));
    }
    return results;
  }

  Result query(byte[] operation) {
    byte[] copy = operation.clone();
    return run(() -> machine.query(copy));
  }

  private Result run(Operation operation) {
    byte[] bytes;
    try {
      bytes = operation.run();
    } catch (StackOverflowError e) {
      return failed(e.getClass().getName());
    } catch (VirtualMachineError e) {
      throw e;
    } catch (Throwable e) {
      return failed(e.getClass().getName());
    }
    if (bytes == null) {
      return failed(NULL_RESULT);
    }
    return bytes.length > maxResultBytes ? failed(TOO_LARGE) : done(bytes);
  }

  private Result done(byte[] bytes) {
    boolean again = latest.outcome() == Result.Outcome.OK && Arrays.equals(latest.bytes(), bytes);
    if (!again) {
      latest = new Result(Result.Outcome.OK, bytes.clone());
    }
    return latest;
  }

  private Result failed(String why) {
    byte[] bytes = why.getBytes(StandardCharsets.UTF_8);
    return new Result(
        Result.Outcome.FAILED, Arrays.copyOf(bytes, Math.min(bytes.length, maxResultBytes)));
  }
}
