package io.pbft.cli;

import io.pbft.core.message.Reason;
import io.pbft.lab.play.Finding;
import io.pbft.lab.play.Played;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tells how a run of the lab ended. */
final class LabReport {
  private LabReport() {}

  /**
   * Prints the run and returns the exit code.
   *
   * @param replay the command line that runs exactly this again
   */
  static int print(Console console, boolean json, Played played, String replay) {
    if (json) {
      console.say(Json.write(object(played, replay)));
    } else {
      table(console, played, replay);
    }
    return played.verdict().exitCode();
  }

  private static Map<String, Object> object(Played played, String replay) {
    Map<String, Long> refusals = new LinkedHashMap<>();
    played.refusals().forEach((reason, count) -> refusals.put(reason.name(), count));
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("scenario", played.scenario().title());
    fields.put("verdict", played.verdict().words());
    fields.put("seed", played.seed());
    fields.put("replay", replay);
    fields.put("fingerprint", played.fingerprint().toHex());
    fields.put("completed", played.completed());
    fields.put("virtualMillis", played.micros() / 1000);
    fields.put("refusals", refusals);
    fields.put("violations", played.violations());
    fields.put("accused", played.accused());
    fields.put("idleRules", played.idle().stream().map(Object::toString).toList());
    return fields;
  }

  private static void table(Console console, Played played, String replay) {
    console.say(
        played.scenario().title()
            + ": "
            + played.verdict().words()
            + ", "
            + played.completed()
            + " operations in "
            + played.micros() / 1000
            + " ms of virtual time");
    for (Finding finding : played.findings()) {
      console.say((finding.isMet() ? "  met      " : "  ") + text(finding));
    }
    for (Map.Entry<Reason, Long> refusal : played.refusals().entrySet()) {
      console.say(
          String.format(
              "  refused  %6d  %s, %s",
              refusal.getValue(), refusal.getKey(), refusal.getKey().meaning()));
    }
    played.accused().forEach(accusation -> console.say("  accused  " + accusation));
    played
        .idle()
        .forEach(rule -> console.say("  idle     " + rule.trigger() + " : " + rule.action()));
    console.say("fingerprint " + played.fingerprint().toHex());
    console.say("replay: " + replay);
  }

  private static String text(Finding finding) {
    String detail = finding.detail().isEmpty() ? "" : ": " + finding.detail();
    return finding.isMet() ? finding.claim() + detail : finding.toString();
  }
}
