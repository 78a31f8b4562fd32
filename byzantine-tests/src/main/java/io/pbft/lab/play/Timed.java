package io.pbft.lab.play;

import io.pbft.lab.scenario.Phrase;

/** Rules that wait for nothing but the clock. */
final class Timed {
  private Timed() {}

  /** Has the action done at the rule's time, or again and again; nothing for other triggers. */
  static void start(Stage stage, Matcher rule, Runnable todo) {
    Phrase trigger = rule.rule().trigger();
    Runnable action =
        () -> {
          rule.fire();
          todo.run();
        };
    switch (trigger.head()) {
      case "starting" -> stage.hand().after(0, action);
      case "at" -> stage.hand().after(trigger.span("time").toMicros(stage.config()), action);
      case "every" -> {
        long period = Math.max(1, trigger.span("time").toMicros(stage.config()));
        again(stage, period, action);
      }
      default -> {}
    }
  }

  private static void again(Stage stage, long period, Runnable action) {
    stage
        .hand()
        .after(
            period,
            () -> {
              action.run();
              again(stage, period, action);
            });
  }
}
