package io.pbft.lab.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.codec.Limits;
import io.pbft.core.message.Result;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Common beginnings and ends of simulations. */
public final class Worlds {
  private Worlds() {}

  /** A configuration with a short log, so that checkpoints and garbage collection happen often. */
  static ProtocolConfig small(int n) {
    return ProtocolConfig.of(n).toBuilder()
        .checkpointInterval(8)
        .logWindow(32)
        .history(0)
        .pipeline(4)
        .clientWindow(64)
        .sessionsPerClient(8)
        .requestTimeoutMillis(300)
        .viewChangeTimeoutMillis(400)
        .viewChangeTimeoutCapMillis(5_000)
        .statusIntervalMillis(50)
        .build();
  }

  /** As {@link #small}, with small frames, so that a journal's segments are small, too. */
  public static ProtocolConfig withDisks(int n) {
    Limits limits = new Limits(256 * 1024, 4 * 1024, 4 * 1024, 32, 64 * 1024);
    return small(n).toBuilder().limits(limits).build();
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(Result result) {
    return new String(result.bytes(), StandardCharsets.UTF_8);
  }

  /** Gives everybody but the crashed time to catch up, then compares their states. */
  static void assertAllAgree(Simulation world, Integer... crashed) {
    world.run(5_000);
    RegisterMachine first = null;
    for (int i = 0; i < world.config().n(); i++) {
      if (Arrays.asList(crashed).contains(i)) {
        continue;
      }
      RegisterMachine machine = (RegisterMachine) world.replica(i).machine();
      first = first == null ? machine : first;
      assertThat(machine.contents())
          .as("state of replica %d: %s", i, world.replica(i).status())
          .isEqualTo(first.contents());
    }
  }
}
