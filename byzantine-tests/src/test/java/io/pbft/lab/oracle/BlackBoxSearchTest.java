package io.pbft.lab.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.message.Result;
import io.pbft.lab.oracle.BlackBoxSearch.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Histories by hand, one operation each: {@code from-to input>output}, where a write's output is
 * the old value, {@code ?} is no result, and times are numbers.
 */
class BlackBoxSearchTest {
  private static final long BUDGET = 100_000;

  private static Operation operation(String line) {
    String[] parts = line.split("[ >]", -1);
    String[] times = parts[0].split("-", -1);
    Result output =
        parts[2].equals("?")
            ? null
            : new Result(Result.Outcome.OK, parts[2].getBytes(StandardCharsets.UTF_8));
    long end = times[1].isEmpty() ? Operation.NEVER : Long.parseLong(times[1]);
    return new Operation(
        0, Long.parseLong(times[0]), end, parts[1].getBytes(StandardCharsets.UTF_8), output);
  }

  private static Outcome check(String history) {
    List<Operation> operations =
        Arrays.stream(history.split(", ", -1)).map(BlackBoxSearchTest::operation).toList();
    return new BlackBoxSearch<>(Model.registers(), BUDGET).check(operations).outcome();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1-2 x>",
        "1-2 x=1>, 3-4 x>1",
        // A read that overlaps a write sees either value.
        "1-9 x=1>, 2-3 x>",
        "1-9 x=1>, 2-3 x>1",
        "1-9 x=1>, 2-3 x>, 4-5 x>1",
        // Two writes that overlap take either order; the later reads tell which.
        "1-9 x=1>2, 1-9 x=2>, 10-11 x>1",
        "1-9 x=1>, 1-9 x=2>1, 10-11 x>2",
        // What got no result may have happened, also much later, or not at all.
        "1- x=1>?, 2-3 x>, 8-9 x>1",
        "1- x=1>?, 2-3 x>, 8-9 x>",
        // Operations that touch overlap.
        "1-2 x=1>, 2-3 x>",
        // Keys have nothing to do with each other.
        "1-2 x=1>, 1-2 y=5>, 3-4 y>5, 3-4 x>1"
      })
  void someOrderExplainsIt(String history) {
    assertThat(check(history)).isEqualTo(Outcome.LINEARIZABLE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // A stale read.
        "1-2 x=1>, 3-4 x>",
        // The value comes and goes.
        "1-9 x=1>, 2-3 x>1, 4-5 x>",
        // Two clients see two writes in different orders.
        "1-9 x=1>2, 1-9 x=2>, 2-3 x>1, 4-5 x>2, 10-11 x>1",
        // A value out of nowhere.
        "1-2 x=1>, 3-4 x>7",
        // Both writes claim to have been first.
        "1-9 x=1>, 1-9 x=2>",
        // An acknowledged write is lost.
        "1-2 x=1>, 3-4 x=2>, 5-6 x>2",
        // What was read can't be unread, though the writer never heard.
        "1- x=1>?, 2-3 x>1, 4-5 x>"
      })
  void noOrderExplainsIt(String history) {
    assertThat(check(history)).isEqualTo(Outcome.NOT_LINEARIZABLE);
  }

  @Test
  void theKeyIsNamed() {
    var search = new BlackBoxSearch<>(Model.registers(), BUDGET);
    List<Operation> history =
        List.of(operation("1-2 a=1>"), operation("1-2 b=1>"), operation("3-4 b>"));
    assertThat(search.check(history).key()).isEqualTo("b");
  }

  @Test
  void aSearchThatTakesTooLongSaysSo() {
    List<Operation> history = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      history.add(operation("1-9 x=" + i + ">?"));
    }
    history.add(operation("10-11 x>never"));
    var finding = new BlackBoxSearch<>(Model.registers(), 1_000).check(history);
    assertThat(finding.outcome()).isEqualTo(Outcome.UNKNOWN);
  }

  /** A sequential run of a register, its operations stretched at random, is always explained. */
  @Test
  void whatHappenedInSomeOrderIsExplained() {
    SplittableRandom random = new SplittableRandom(1);
    for (int run = 0; run < 200; run++) {
      List<Operation> history = new ArrayList<>();
      String value = "";
      for (int i = 0; i < 40; i++) {
        long at = 10L * i;
        String times = at - random.nextInt(40) + 1000 + "-" + (at + random.nextInt(40) + 1000);
        boolean write = random.nextBoolean();
        history.add(operation(times + (write ? " x=" + i : " x") + ">" + value));
        value = write ? "" + i : value;
      }
      var finding = new BlackBoxSearch<>(Model.registers(), 10_000_000).check(history);
      assertThat(finding.outcome()).as("run %d", run).isEqualTo(Outcome.LINEARIZABLE);
    }
  }
}
