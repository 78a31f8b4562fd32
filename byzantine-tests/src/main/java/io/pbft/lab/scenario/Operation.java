package io.pbft.lab.scenario;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * An operation of the simulator's registers: {@code [put x 666]}, {@code [get x]}, {@code [roll
 * x]}, {@code [fail]}.
 */
public record Operation(String verb, List<String> words) {
  public Operation {
    words = List.copyOf(words);
  }

  public static Operation put(String key, String value) {
    return new Operation("put", List.of(key, value));
  }

  public static Operation get(String key) {
    return new Operation("get", List.of(key));
  }

  static Operation parse(Cursor in) {
    List<String> words = List.of(in.next().text().strip().split("\\s+"));
    Operation operation = new Operation(words.get(0), words.subList(1, words.size()));
    int parameters = operation.words().size();
    boolean right =
        switch (operation.verb()) {
          case "put" -> parameters == 2;
          case "get", "roll" -> parameters == 1;
          case "fail" -> parameters == 0;
          default -> false;
        };
    if (!right) {
      throw in.misread("[put KEY VALUE], [get KEY], [roll KEY] or [fail]");
    }
    return operation;
  }

  /** As {@link io.pbft.lab.sim.RegisterMachine} reads it. */
  public byte[] bytes() {
    String text =
        switch (verb) {
          case "put" -> words.get(0) + "=" + words.get(1);
          case "get" -> words.get(0);
          case "roll" -> "?" + words.get(0);
          default -> "!";
        };
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "[" + verb + (words.isEmpty() ? "" : " " + String.join(" ", words)) + "]";
  }
}
