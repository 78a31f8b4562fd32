package io.pbft.compare.generals.exhaustive;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * The cases that are known to hold, and the controls that must fail, each with what an independent
 * enumeration found.
 */
public final class ResultTable {
  /**
   * What is expected of a number.
   *
   * @param count exactly that; -1 for "some", null for "whatever"
   */
  private record Expected(Long count) {
    static final Expected SOME = new Expected(-1L);
    static final Expected ANY = new Expected(null);

    static Expected exactly(long count) {
      return new Expected(count);
    }

    boolean admits(BigInteger measured) {
      if (count == null) {
        return true;
      }
      return count < 0 ? measured.signum() > 0 : measured.equals(BigInteger.valueOf(count));
    }

    @Override
    public String toString() {
      return count == null ? "-" : count < 0 ? "some" : count.toString();
    }
  }

  /**
   * One line.
   *
   * @param behaviours expected, as are the next two; "some", or "-" where nothing is expected
   * @param result null for the rules, which are not a trial
   * @param countsTalk whether the expected numbers count messages among traitors
   */
  public record Row(
      String name,
      Trial trial,
      String behaviours,
      String ic1,
      String ic2,
      Tally tally,
      Trial.Result result,
      boolean equal,
      boolean countsTalk) {}

  private record Case(String name, Trial trial, Expected behaviours, Expected ic1, Expected ic2) {
    Row run() {
      Trial.Result result = trial == null ? null : trial.run();
      Tally tally = result == null ? AnyRule.tally() : result.tally();
      boolean equal = admits(tally);
      boolean countsTalk = !equal && result != null && admits(result.withTalkAmongTraitors());
      return new Row(
          name,
          trial,
          behaviours.toString(),
          ic1.toString(),
          ic2.toString(),
          countsTalk ? result.withTalkAmongTraitors() : tally,
          result,
          equal || countsTalk,
          countsTalk);
    }

    private boolean admits(Tally tally) {
      return behaviours.admits(tally.behaviours())
          && ic1.admits(tally.ic1())
          && ic2.admits(tally.ic2());
    }
  }

  private final List<Case> cases = new ArrayList<>();

  private ResultTable() {}

  /** Runs all cases. */
  public static List<Row> rows() {
    ResultTable table = new ResultTable();
    table.oralThatHold();
    table.oralControls();
    table.signed();
    return table.cases.stream().map(Case::run).toList();
  }

  private void oralThatHold() {
    hold("OM(1) n=4, t<=1", Trial.oral(1, 4, 0, 1), 34);
    hold("OM(1) n=5, t<=1", Trial.oral(1, 5, 0, 1), 82);
    hold("OM(1) n=6, t<=1", Trial.oral(1, 6, 0, 1), 194);
    hold("OM(1) n=7, t<=1", Trial.oral(1, 7, 0, 1), 450);
    hold("OM(2) n=7, t<=2", Trial.oral(2, 7, 0, 2), -2);
    hold("OM(2) n=8, t<=2", Trial.oral(2, 8, 0, 2), -2);
    hold("OM(3) n=10, t<=3", Trial.oral(3, 10, 0, 3), -2);
  }

  private void oralControls() {
    Expected none = Expected.exactly(0);
    fail("OM(1) n=3, t<=1", Trial.oral(1, 3, 0, 1), 14, none, Expected.exactly(2));
    fail("OM(0) n=3, t<=1", Trial.oral(0, 3, 0, 1), 10, Expected.SOME, Expected.ANY);
    fail("any rule n=3, one relay round", null, 256, Expected.exactly(240), Expected.exactly(255));
    fail(
        "OM(2) n=4, t<=1", Trial.oral(2, 4, 0, 1), 106, Expected.exactly(18), Expected.exactly(27));
    fail(
        "OM(1) n=5, t<=2",
        Trial.oral(1, 5, 0, 2),
        1362,
        Expected.exactly(288),
        Expected.exactly(168));
    fail("OM(1) n=6, t=2", Trial.oral(1, 6, 2, 2), -2, Expected.SOME, none);
    fail("OM(1) n=7, t=2", Trial.oral(1, 7, 2, 2), -2, Expected.SOME, none);
    fail("OM(2) n=5, t<=2", Trial.oral(2, 5, 0, 2), -2, Expected.SOME, Expected.ANY);
    fail("OM(2) n=6, t<=2", Trial.oral(2, 6, 0, 2), -2, Expected.SOME, Expected.ANY);
    fail("OM(3) n=9, t=3", Trial.oral(3, 9, 3, 3), -2, Expected.SOME, Expected.ANY);
  }

  private void signed() {
    Expected none = Expected.exactly(0);
    hold("SM(1) n=3, t<=1", Trial.signed(1, 3, 0, 1), 22);
    hold("SM(1) n=4, t<=1", Trial.signed(1, 4, 0, 1), 72);
    hold("SM(2) n=4, t<=2", Trial.signed(2, 4, 0, 2), 321);
    hold("SM(2) n=5, t<=2", Trial.signed(2, 5, 0, 2), 3194);
    hold("SM(3) n=5, t<=3", Trial.signed(3, 5, 0, 3), 4738);
    hold("SM(3) n=6, t<=3", Trial.signed(3, 6, 0, 3), 74841);
    fail("SM(1) n=4, t<=2", Trial.signed(1, 4, 0, 2), 321, Expected.exactly(48), none);
    fail("SM(2) n=5, t<=3", Trial.signed(2, 5, 0, 3), 4738, Expected.exactly(180), none);
    fail(
        "SM(2) n=4, t<=2, relays end one round early",
        new Trial(true, 4, 2, 1, 0, 2),
        321,
        Expected.exactly(48),
        none);
    fail(
        "SM(1) n=3, t<=1, relays end one round early",
        new Trial(true, 3, 1, 0, 0, 1),
        22,
        Expected.exactly(6),
        none);
  }

  private void hold(String name, Trial trial, long behaviours) {
    fail(name, trial, behaviours, Expected.exactly(0), Expected.exactly(0));
  }

  /**
   * @param behaviours -2 where no number is known
   */
  private void fail(String name, Trial trial, long behaviours, Expected ic1, Expected ic2) {
    Expected count = behaviours == -2 ? Expected.ANY : Expected.exactly(behaviours);
    cases.add(new Case(name, trial, count, ic1, ic2));
  }
}
