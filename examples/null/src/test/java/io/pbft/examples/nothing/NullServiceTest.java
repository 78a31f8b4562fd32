package io.pbft.examples.nothing;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.spi.StateMachine;
import org.junit.jupiter.api.Test;

class NullServiceTest {
  private final StateMachine machine = new NullService().create();

  private int answer(int request, int reply) {
    return machine.execute(NullService.operation(request, reply), null).length;
  }

  @Test
  void answersAreAsLongAsAskedFor() {
    assertThat(NullService.operation(0, 0)).isEmpty();
    assertThat(NullService.operation(1024, 0)).hasSize(1024);
    assertThat(answer(0, 0)).isZero();
    assertThat(answer(1024, 0)).isZero();
    assertThat(answer(0, 100)).isEqualTo(100);
    assertThat(answer(1024, 1024)).isEqualTo(1024);
  }

  @Test
  void whatAClientAsksForIsBounded() {
    assertThat(answer(4, Integer.MAX_VALUE)).isEqualTo(1024 * 1024);
    assertThat(answer(4, -1)).isZero();
  }

  @Test
  void itsStateIsTheNumberOfOperations() {
    answer(0, 0);
    byte[] one = machine.snapshot().toBytes();
    answer(0, 0);
    assertThat(machine.snapshot().toBytes()).isNotEqualTo(one);
  }
}
