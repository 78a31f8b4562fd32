package io.pbft.lab.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.lab.traitor.MutationWalker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The same seed is the same run: also in another JVM, and from the list of its choices alone. */
class FingerprintTest {
  private static final int SEEDS = 100;

  /** Prints the fingerprints of all seeds; the other process. */
  public static final class Other {
    private Other() {}

    public static void main(String[] args) {
      System.out.println(String.join("\n", fingerprints()));
    }
  }

  private static List<String> fingerprints() {
    List<String> all = new ArrayList<>();
    for (long seed = 1; seed <= SEEDS; seed++) {
      all.add(run(Choices.seeded(seed)).fingerprint().toHex());
    }
    return all;
  }

  /** Losses, a traitor, a crash; every third run with disks. */
  private static Simulation run(Choices choices) {
    boolean disks = choices.below(3) == 0;
    Simulation world =
        Simulation.builder()
            .config(disks ? Worlds.withDisks(4) : Worlds.small(4))
            .disks(disks)
            .clients(2)
            .choices(choices)
            .traitors(id -> id == 3 ? core -> new MutationWalker(core, 3, 4, choices, 0.3) : null)
            .build();
    world.network().loss(0.05).duplication(0.05);
    Load load = Load.on(world, 2, 5);
    world.run(100);
    world.powerLoss(1);
    world.run(100);
    world.restart(1);
    world.run(300);
    world.network().heal();
    assertThat(load.finish(60_000)).isTrue();
    return world;
  }

  @Test
  void sameInAnotherProcess() throws Exception {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    ProcessBuilder other =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UnlockExperimentalVMOptions",
            "-XX:hashCode=2",
            "-XX:TieredStopAtLevel=1",
            Other.class.getName());
    Map<String, String> environment = other.environment();
    environment.put("CLASSPATH", classPath);
    other.redirectErrorStream(true);
    Process process = other.start();
    process.getOutputStream().close();
    List<String> here = fingerprints();
    String printed =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();

    assertThat(process.waitFor()).isZero();
    assertThat(List.of(printed.split("\n"))).isEqualTo(here).doesNotHaveDuplicates();
  }

  @Test
  void theListOfChoicesIsTheRun() {
    Simulation first = run(Choices.seeded(9));
    Simulation again = run(Choices.replay(first.choices().drawn()));
    assertThat(again.fingerprint()).isEqualTo(first.fingerprint());
  }

  @Test
  void anotherDelayIsAnotherRun() {
    Choices choices = run(Choices.seeded(9)).choices();
    int[] list = choices.drawn();
    int[] other = list.clone();
    int delay = 0;
    while (choices.bounds()[delay] != 901 || list[delay] == 0) {
      delay++;
    }
    other[delay]--;
    assertThat(run(Choices.replay(other, 1)).fingerprint())
        .isNotEqualTo(run(Choices.replay(list, 1)).fingerprint());
  }
}
