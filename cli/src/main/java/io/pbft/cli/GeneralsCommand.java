package io.pbft.cli;

import io.pbft.compare.generals.Campaign;
import io.pbft.compare.generals.OralBattle;
import io.pbft.compare.generals.OralScripts;
import io.pbft.compare.generals.Order;
import io.pbft.compare.generals.Outcome;
import io.pbft.compare.generals.Seals;
import io.pbft.compare.generals.SignedBattle;
import io.pbft.compare.generals.SignedScripts;
import io.pbft.compare.generals.exhaustive.Trial;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "generals",
    description = {
      "The Byzantine generals (Lamport, Shostak, Pease, 1982): OM(m), oral messages, needs more than"
          + " 3m generals; SM(m), signed messages, more than m + 1. General 0 is the commander.",
      "One battle is narrated. --exhaustive tries every behaviour of up to T traitors; without"
          + " --algorithm it runs the table of known cases, each number beside the one expected.",
      "Exits with 1 when IC1 or IC2 is violated, or a number is not the expected one.",
      "%nScripts of the traitors:",
      "  om: silent, flip, always:attack|retreat, split, random:SEED, withhold:I,J, table:...",
      "  sm: silent, flip, split, random:SEED, withhold:I,J, double, late:ROUND, collude, forge,"
          + " table:...",
      "  table: PATH>TO=A|R|- entries with commas between; 0.2>1=R is 'general 2 tells general 1"
          + " that general 0 said RETREAT'. A witness is printed in that form."
    })
final class GeneralsCommand implements Callable<Integer> {
  /** Which algorithm. */
  enum Algorithm {
    OM,
    SM
  }

  /** More take longer than anybody waits. */
  private static final int MOST_EXHAUSTIVE = 10;

  private static final int MESSAGES_TOLD = 12;

  @ParentCommand private PbftCommand root;

  @Option(names = "--algorithm", paramLabel = "om|sm", description = "Oral or signed messages.")
  private Algorithm algorithm;

  @Option(
      names = "--generals",
      paramLabel = "N",
      description = "How many, the commander included, from 2 to " + Campaign.MOST_GENERALS + ".")
  private Integer generals;

  @Option(
      names = "--traitors",
      paramLabel = "T",
      description = "How many traitors (--exhaustive: up to how many).")
  private Integer traitors;

  @Option(
      names = "--rounds",
      paramLabel = "M",
      description = "m: how often an order is relayed; m + 1 rounds of messages (default: T).")
  private Integer rounds;

  @Option(
      names = "--order",
      paramLabel = "attack|retreat",
      defaultValue = "attack",
      description = "What the commander orders (default: ${DEFAULT-VALUE}).")
  private Order order;

  @Option(
      names = "--who",
      paramLabel = "I",
      split = ",",
      description = "Which generals are the traitors (default: those with the highest numbers).")
  private TreeSet<Integer> who;

  @Option(
      names = "--script",
      paramLabel = "SCRIPT",
      defaultValue = "flip",
      description = "What the traitors do (default: ${DEFAULT-VALUE}).")
  private String script;

  @Option(names = "--exhaustive", description = "Try every behaviour.")
  private boolean exhaustive;

  @Option(names = "--all", description = "Tell of every message, however many.")
  private boolean all;

  private final Console console;

  GeneralsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws CliException {
    GeneralsReport report = new GeneralsReport(console, root.json());
    if (algorithm == null && exhaustive) {
      require(generals == null && traitors == null, "--generals and --traitors need --algorithm");
      return report.table() ? 0 : 1;
    }
    require(algorithm != null, "--algorithm is missing: om or sm");
    require(generals != null, "--generals is missing");
    require(traitors != null, "--traitors is missing");
    require(
        traitors >= 0 && traitors <= generals,
        "--traitors is " + traitors + "; there are " + generals + " generals");
    try {
      return (exhaustive ? exhaust(report) : fight(report)) ? 0 : 1;
    } catch (IllegalArgumentException e) {
      throw CliException.wrong(e.getMessage());
    }
  }

  private int m() {
    return rounds != null ? rounds : Math.min(traitors, Math.max(0, generals - 2));
  }

  private boolean exhaust(GeneralsReport report) throws CliException {
    require(
        generals <= MOST_EXHAUSTIVE,
        "--exhaustive goes up to " + MOST_EXHAUSTIVE + " generals, not " + generals);
    require(who == null, "--exhaustive tries every set of traitors; leave --who away");
    Campaign bounds = Campaign.of(generals, m(), order);
    boolean signed = algorithm == Algorithm.SM;
    Trial trial = new Trial(signed, bounds.generals(), bounds.m(), bounds.m(), 0, traitors);
    return report.trial(trial);
  }

  private boolean fight(GeneralsReport report) throws CliException {
    Campaign campaign = new Campaign(generals, m(), order, chosen());
    boolean signed = algorithm == Algorithm.SM;
    Outcome outcome =
        signed
            ? SignedBattle.fight(
                campaign, Seals.ed25519(generals), SignedScripts.parse(script, campaign))
            : OralBattle.fight(campaign, OralScripts.parse(script, campaign));
    return report.battle(outcome, signed, script, all ? Integer.MAX_VALUE : MESSAGES_TOLD);
  }

  private TreeSet<Integer> chosen() throws CliException {
    if (who != null) {
      require(
          who.size() == traitors,
          "--who names " + who.size() + " traitors, --traitors says " + traitors);
      return who;
    }
    TreeSet<Integer> last = new TreeSet<>();
    for (int i = 0; i < traitors; i++) {
      last.add(generals - 1 - i);
    }
    return last;
  }

  private static void require(boolean condition, String message) throws CliException {
    if (!condition) {
      throw CliException.wrong(message);
    }
  }
}
