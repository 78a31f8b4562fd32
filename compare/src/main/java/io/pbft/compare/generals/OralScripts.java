package io.pbft.compare.generals;

import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** The traitors' scripts for oral messages. */
public final class OralScripts {
  /** Their names, with their arguments. */
  public static final List<String> NAMES =
      List.of(
          "silent",
          "flip",
          "always:attack|retreat",
          "split",
          "random:SEED",
          "withhold:I,J,...",
          "table:PATH>TO=A|R|-,...");

  private OralScripts() {}

  /** Says nothing. */
  public static OralScript silent() {
    return honest -> null;
  }

  /** Says the contrary. */
  public static OralScript flip() {
    return honest -> honest.order().other();
  }

  public static OralScript always(Order order) {
    return honest -> order;
  }

  /** Attack to those with even numbers, retreat to those with odd ones. */
  public static OralScript split() {
    return honest -> honest.to() % 2 == 0 ? Order.ATTACK : Order.RETREAT;
  }

  /** Attack, retreat or nothing, as the seed has it for the path and the receiver. */
  public static OralScript random(long seed) {
    return honest -> {
      long place = 31L * honest.path().generals().hashCode() + honest.to();
      return switch (new SplittableRandom(seed * 1_000_003 + place).nextInt(3)) {
        case 0 -> Order.ATTACK;
        case 1 -> Order.RETREAT;
        default -> null;
      };
    };
  }

  /** Loyal, but for saying nothing to some. */
  public static OralScript withhold(TreeSet<Integer> receivers) {
    return honest -> receivers.contains(honest.to()) ? null : honest.order();
  }

  /** What the table says; loyal where it says nothing about the place. */
  public static OralScript table(Table table) {
    return honest ->
        table.has(honest.path(), honest.to())
            ? table.get(honest.path(), honest.to())
            : honest.order();
  }

  /**
   * The script with that name and argument.
   *
   * @throws IllegalArgumentException if there is none, or not with that argument
   */
  public static OralScript parse(String text, Campaign campaign) {
    ScriptText script = ScriptText.of(text);
    return switch (script.name()) {
      case "silent" -> script.plain(silent());
      case "flip" -> script.plain(flip());
      case "split" -> script.plain(split());
      case "always" -> always(script.order());
      case "random" -> random(script.number(0));
      case "withhold" -> withhold(script.generals(campaign));
      case "table" -> table(script.table(campaign));
      default -> throw script.unknown("oral", NAMES);
    };
  }
}
