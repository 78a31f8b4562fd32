package io.pbft.compare.generals;

import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** {@code name} or {@code name:argument}. */
record ScriptText(String name, String argument) {
  static ScriptText of(String text) {
    int colon = text.indexOf(':');
    return colon < 0
        ? new ScriptText(text.toLowerCase(Locale.ROOT), "")
        : new ScriptText(
            text.substring(0, colon).toLowerCase(Locale.ROOT), text.substring(colon + 1).strip());
  }

  <T> T plain(T script) {
    if (!argument.isEmpty()) {
      throw new IllegalArgumentException("the script " + name + " takes no argument");
    }
    return script;
  }

  Order order() {
    for (Order order : Order.values()) {
      if (order.name().equalsIgnoreCase(argument)) {
        return order;
      }
    }
    throw new IllegalArgumentException(
        "the script " + name + " is told attack or retreat, as in " + name + ":attack");
  }

  long number(long otherwise) {
    if (argument.isEmpty()) {
      return otherwise;
    }
    try {
      return Long.parseLong(argument);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "the script " + name + " takes a whole number, not '" + argument + "'", e);
    }
  }

  /** A table of which every entry can be played. */
  Table table(Campaign campaign) {
    Table table = Table.parse(argument);
    table.requirePlayable(campaign);
    return table;
  }

  TreeSet<Integer> generals(Campaign campaign) {
    TreeSet<Integer> generals = new TreeSet<>();
    for (String each : argument.split(",", -1)) {
      if (!each.strip().matches("\\d{1,3}")) {
        throw new IllegalArgumentException(
            "the script " + name + " is told which generals, as in " + name + ":1,2");
      }
      int general = Integer.parseInt(each.strip());
      if (general >= campaign.generals()) {
        throw new IllegalArgumentException(
            "the script "
                + name
                + " names general "
                + general
                + ", and there are "
                + campaign.generals());
      }
      generals.add(general);
    }
    return generals;
  }

  IllegalArgumentException unknown(String kind, List<String> names) {
    return new IllegalArgumentException(
        "there is no script '"
            + name
            + "' for "
            + kind
            + " messages; there are "
            + String.join(", ", names));
  }
}
