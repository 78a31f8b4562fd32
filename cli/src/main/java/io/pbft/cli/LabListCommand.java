package io.pbft.cli;

import io.pbft.lab.catalogue.Catalogue;
import io.pbft.lab.catalogue.Entry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "list",
    description = {
      "List the catalogue of attacks: what is at stake and what must happen. S safety, V validity,"
          + " X linearizability, L liveness, R resources, F fairness.",
      "Entries that cannot be played are listed with the reason, and counted."
    })
final class LabListCommand implements Callable<Integer> {
  @ParentCommand private LabCommand lab;

  private final Console console;

  LabListCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (lab.json()) {
      List<Map<String, Object>> objects = new ArrayList<>();
      Catalogue.entries().forEach(entry -> objects.add(object(entry)));
      console.say(Json.write(objects));
    } else {
      table();
    }
    return 0;
  }

  private static Map<String, Object> object(Entry entry) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", entry.id());
    fields.put("name", entry.name());
    fields.put("family", entry.family());
    fields.put("atStake", entry.atStake());
    fields.put("expected", entry.expected());
    fields.put("standing", entry.standing().words());
    fields.put("reason", entry.reason());
    return fields;
  }

  private void table() {
    String family = "";
    for (Entry entry : Catalogue.entries()) {
      if (!entry.family().equals(family)) {
        family = entry.family();
        console.say(family);
      }
      String what =
          entry.isPlayable()
              ? entry.expected()
              : "(" + entry.standing().words() + ": " + entry.reason() + ")";
      console.say(
          String.format("  %-4s %-28s %-4s %s", entry.id(), entry.name(), entry.atStake(), what));
    }
    List<String> counts = new ArrayList<>();
    for (Entry.Standing standing : Entry.Standing.values()) {
      long count = Catalogue.entries().stream().filter(e -> e.standing() == standing).count();
      counts.add(count + " " + standing.words());
    }
    console.say(Catalogue.entries().size() + " entries: " + String.join(", ", counts));
  }
}
