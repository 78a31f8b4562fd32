package io.pbft.lab.play;

import io.pbft.core.message.Result;
import io.pbft.core.spi.StateMachine;
import io.pbft.lab.sim.RegisterMachine;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/**
 * The replicated service of a run, and its clients' operations. Implement it to have your own state
 * machine attacked; called from one thread, must be deterministic.
 */
public interface Service {
  /** A fresh state machine, in its initial state. */
  StateMachine machine();

  /** As {@link #machine()}, for one replica; for services that are not the same everywhere. */
  default StateMachine machine(int replica) {
    return machine();
  }

  /** A client's operation that changes the state; {@code index} counts its operations from 0. */
  byte[] write(int client, long index);

  /** A client's operation that only reads. */
  byte[] read(int client, long index);

  /**
   * Whether an answer is right.
   *
   * @param lastWrite index of the last of them, or -1
   */
  default boolean isRight(int client, long index, long lastWrite, boolean isRead, Result result) {
    return result.outcome() == Result.Outcome.OK;
  }

  /** The simulator's registers: each client writes and reads one of its own. */
  static Service registers() {
    return registers(0);
  }

  /**
   * The same, with long values.
   *
   * @param valueBytes what shorter values are filled up to
   */
  static Service registers(int valueBytes) {
    return new Service() {
      @Override
      public StateMachine machine() {
        return new RegisterMachine();
      }

      @Override
      public byte[] write(int client, long index) {
        return bytes(key(client) + "=" + value(client, index));
      }

      @Override
      public byte[] read(int client, long index) {
        return bytes(key(client));
      }

      /** Writes answer the value before, reads the value. */
      @Override
      public boolean isRight(
          int client, long index, long lastWrite, boolean isRead, Result result) {
        String expected = lastWrite < 0 ? "" : value(client, lastWrite);
        return result.outcome() == Result.Outcome.OK
            && new String(result.bytes(), StandardCharsets.UTF_8).equals(expected);
      }

      private String key(int client) {
        return "r" + client;
      }

      private String value(int client, long index) {
        String value = client + "-" + index;
        return value + ".".repeat(Math.max(0, valueBytes - value.length()));
      }

      private byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
      }
    };
  }

  /** Your machine under operations of your making. */
  static Service of(Supplier<StateMachine> machine, Operations writes, Operations reads) {
    return new Service() {
      @Override
      public StateMachine machine() {
        return machine.get();
      }

      @Override
      public byte[] write(int client, long index) {
        return writes.operation(client, index);
      }

      @Override
      public byte[] read(int client, long index) {
        return reads.operation(client, index);
      }
    };
  }

  /** A client's operations. */
  interface Operations {
    byte[] operation(int client, long index);
  }
}
