package io.pbft.lab.play;

import io.pbft.core.spi.ExecutionContext;
import io.pbft.core.spi.Snapshot;
import io.pbft.core.spi.StateMachine;
import io.pbft.lab.scenario.Phrase;
import io.pbft.lab.sim.RegisterMachine;
import java.nio.charset.StandardCharsets;

/** The services that a scenario can ask for: the simulator's registers with one property more. */
final class Services {
  private Services() {}

  /** The one that the cluster line names, else the given one. */
  static Service of(Phrase cluster, Service given) {
    int n = (int) cluster.number("n", 4);
    int lastOfMost = n - 1 - (n - 1) / 3;
    return switch (cluster.word("service", "given")) {
      case "guarded" -> new Registers(replica -> new Guarded());
      case "careless" -> new Registers(replica -> new Careless(replica > lastOfMost));
      case "registers" -> registers(cluster);
      default -> cluster.has("value-bytes") ? registers(cluster) : given;
    };
  }

  private static Service registers(Phrase cluster) {
    return Service.registers((int) cluster.number("value-bytes", 0));
  }

  /** Another machine under the registers' operations. */
  private record Registers(java.util.function.IntFunction<StateMachine> machines)
      implements Service {
    private static final Service USUAL = Service.registers();

    @Override
    public StateMachine machine() {
      return machine(-1);
    }

    @Override
    public StateMachine machine(int replica) {
      return machines.apply(replica);
    }

    @Override
    public byte[] write(int client, long index) {
      return USUAL.write(client, index);
    }

    @Override
    public byte[] read(int client, long index) {
      return USUAL.read(client, index);
    }

    @Override
    public boolean isRight(
        int client,
        long index,
        long lastWrite,
        boolean isRead,
        io.pbft.core.message.Result result) {
      return USUAL.isRight(client, index, lastWrite, isRead, result);
    }
  }

  /** Registers in which the one of a client, such as {@code r0} of client 0, is its own. */
  private static class Guarded implements StateMachine {
    private final RegisterMachine registers = new RegisterMachine();

    @Override
    public byte[] execute(byte[] operation, ExecutionContext context) {
      String text = new String(operation, StandardCharsets.UTF_8);
      boolean owned = text.matches("r\\d+=.*");
      if (owned && !text.startsWith("r" + context.client() + "=")) {
        throw new SecurityException("the register is another client's");
      }
      return registers.execute(operation, context);
    }

    @Override
    public byte[] query(byte[] operation) {
      return registers.query(operation);
    }

    @Override
    public Snapshot snapshot() {
      return registers.snapshot();
    }

    @Override
    public void restore(Snapshot snapshot) {
      registers.restore(snapshot);
    }
  }

  /** Registers with an operation whose outcome depends on the machine, as a hash order might. */
  private static final class Careless extends Guarded {
    private final boolean unlike;

    Careless(boolean unlike) {
      this.unlike = unlike;
    }

    @Override
    public byte[] execute(byte[] operation, ExecutionContext context) {
      String text = new String(operation, StandardCharsets.UTF_8);
      String rolled =
          text.startsWith("?") ? text.substring(1) + (unlike ? "=tails" : "=heads") : text;
      return super.execute(rolled.getBytes(StandardCharsets.UTF_8), context);
    }
  }
}
