package io.pbft.lab.sim;

import io.pbft.core.spi.ExecutionContext;
import io.pbft.core.spi.Snapshot;
import io.pbft.core.spi.StateMachine;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * Named text registers: {@code key=value} writes and returns the old value, {@code key} reads,
 * {@code !} throws.
 */
public final class RegisterMachine implements StateMachine {
  private final TreeMap<String, String> registers = new TreeMap<>();

  @Override
  public byte[] execute(byte[] operation, ExecutionContext context) {
    String text = new String(operation, StandardCharsets.UTF_8);
    if (text.startsWith("!")) {
      throw new IllegalStateException("asked to throw");
    }
    int equals = text.indexOf('=');
    if (equals < 0) {
      return query(operation);
    }
    String old = registers.put(text.substring(0, equals), text.substring(equals + 1));
    return bytes(old == null ? "" : old);
  }

  @Override
  public byte[] query(byte[] operation) {
    return bytes(registers.getOrDefault(new String(operation, StandardCharsets.UTF_8), ""));
  }

  /** The contents, for tests. */
  public Map<String, String> contents() {
    return new TreeMap<>(registers);
  }

  @Override
  public Snapshot snapshot() {
    StringBuilder all = new StringBuilder();
    registers.forEach((k, v) -> all.append(k).append('=').append(v).append('\n'));
    return Snapshot.of(bytes(all.toString()));
  }

  @Override
  public void restore(Snapshot snapshot) {
    registers.clear();
    String all = new String(snapshot.toBytes(), StandardCharsets.UTF_8);
    for (String line : all.split("\n", -1)) {
      int equals = line.indexOf('=');
      if (equals >= 0) {
        registers.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
