package io.pbft.core.driver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pbft.core.message.Request;
import io.pbft.core.message.Result;
import io.pbft.core.spi.ExecutionContext;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Whatever the user's code does, each request has one result, or the replica stops. */
class ExecutionHostTest {
  private static Result run(UnaryOperator<byte[]> code) {
    return run(code, 64, Request.Kind.WRITE, "op".getBytes(UTF_8));
  }

  private static Result run(
      UnaryOperator<byte[]> code, int maxResultBytes, Request.Kind kind, byte[] operation) {
    ExecutionHost host =
        new ExecutionHost(
            new DriverHarness.EchoMachine() {
              @Override
              public byte[] execute(byte[] op, ExecutionContext context) {
                assertThat(context).isEqualTo(new ExecutionContext(9, 77, 5));
                return code.apply(op);
              }
            },
            maxResultBytes);
    return host.execute(9, 77, List.of(new Request(5, 7, 1, 1, kind, operation))).get(0);
  }

  private static void failsWith(String why, UnaryOperator<byte[]> code) {
    Result result = run(code);
    assertThat(result.outcome()).isEqualTo(Result.Outcome.FAILED);
    assertThat(new String(result.bytes(), UTF_8)).isEqualTo(why);
  }

  private static byte[] recurse(byte[] op) {
    // Always, but Error Prone need not know.
    return op == null ? new byte[0] : recurse(op.clone()).clone();
  }

  @Test
  void whatIsThrownBecomesTheResult() {
    failsWith(
        "java.lang.IllegalStateException",
        op -> {
          throw new IllegalStateException("its message may differ between replicas");
        });
    failsWith(
        "java.lang.AssertionError",
        op -> {
          throw new AssertionError();
        });
    failsWith("java.lang.StackOverflowError", ExecutionHostTest::recurse);
  }

  @Test
  void noResultAndALongResultAreFailures() {
    failsWith(ExecutionHost.NULL_RESULT, op -> null);
    failsWith(ExecutionHost.TOO_LARGE, op -> new byte[65]);
    assertThat(run(op -> new byte[64]).outcome()).isEqualTo(Result.Outcome.OK);
  }

  @Test
  void aFailureObeysTheLimitToo() {
    Result result = run(op -> null, 4, Request.Kind.WRITE, new byte[0]);
    assertThat(new String(result.bytes(), UTF_8)).isEqualTo("null");
  }

  @Test
  void aLackOfMemoryIsNoResult() {
    assertThatThrownBy(
            () ->
                run(
                    op -> {
                      throw new OutOfMemoryError("as if");
                    }))
        .isInstanceOf(OutOfMemoryError.class);
  }

  @Test
  void aReadGoesToQuery() {
    Result result = run(op -> op, 64, Request.Kind.READ, "op".getBytes(UTF_8));
    assertThat(new String(result.bytes(), UTF_8)).isEqualTo("read ");
  }

  @Test
  void theMachineCannotReachIntoTheBatchNorIntoItsResult() {
    byte[] operation = "op".getBytes(UTF_8);
    byte[] own = {1};
    Result result =
        run(
            op -> {
              op[0] = 'X';
              return own;
            },
            64,
            Request.Kind.WRITE,
            operation);
    own[0] = 2;
    assertThat(operation).isEqualTo("op".getBytes(UTF_8));
    assertThat(result.bytes()).containsExactly(1);
  }

  @Test
  void anExceptionKeepsTheOthersOfTheBatch() {
    ExecutionHost host =
        new ExecutionHost(
            new DriverHarness.EchoMachine() {
              @Override
              public byte[] execute(byte[] op, ExecutionContext context) {
                if (op.length == 0) {
                  throw new IllegalArgumentException();
                }
                return op;
              }
            },
            64);
    List<Result> results =
        host.execute(
            1,
            1,
            List.of(
                new Request(5, 7, 1, 1, Request.Kind.WRITE, new byte[] {1}),
                new Request(5, 7, 2, 1, Request.Kind.WRITE, new byte[0]),
                new Request(5, 7, 3, 1, Request.Kind.WRITE, new byte[] {3})));
    assertThat(results)
        .extracting(Result::outcome)
        .containsExactly(Result.Outcome.OK, Result.Outcome.FAILED, Result.Outcome.OK);
  }
}
