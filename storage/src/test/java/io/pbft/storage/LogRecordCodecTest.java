package io.pbft.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pbft.core.codec.Refusal;
import io.pbft.core.message.Envelope;
import io.pbft.core.spi.LogRecord;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogRecordCodecTest {
  @Test
  void everyKindComesBackAsItWas() throws Refusal {
    assertThat(Facts.everyKind().stream().map(Object::getClass).distinct().toList())
        .hasSize(LogRecord.class.getPermittedSubclasses().length);
    for (LogRecord fact : Facts.everyKind()) {
      byte[] bytes = Facts.RECORDS.encode(fact);
      LogRecord back = Facts.RECORDS.decode(bytes);
      assertThat(back.getClass()).isEqualTo(fact.getClass());
      assertThat(Facts.RECORDS.encode(back)).isEqualTo(bytes);
    }
  }

  @Test
  void contentIsTheSameNotOnlyTheEncoding() throws Refusal {
    LogRecord.PrePrepared batch =
        (LogRecord.PrePrepared) Facts.RECORDS.decode(Facts.RECORDS.encode(Facts.prePrepared(3, 7)));
    assertThat(batch.view()).isEqualTo(3);
    assertThat(batch.sequence()).isEqualTo(7);
    assertThat(batch.batch().digest()).isEqualTo(Facts.batch(7, 20).digest());
    LogRecord.LeftView left =
        (LogRecord.LeftView) Facts.RECORDS.decode(Facts.RECORDS.encode(Facts.leftView(5)));
    assertThat(left.viewChange()).isEqualTo(((LogRecord.LeftView) Facts.leftView(5)).viewChange());
    assertThat(left.envelope().isSigned()).isTrue();
    assertThat(Facts.RECORDS.decode(Facts.RECORDS.encode(Facts.prepared(3, 7))))
        .isEqualTo(Facts.prepared(3, 7));
  }

  @Test
  void anEnvelopeOfSomethingElseIsNotWritten() {
    LogRecord.LeftView left = (LogRecord.LeftView) Facts.leftView(5);
    LogRecord.LeftView other = (LogRecord.LeftView) Facts.leftView(6);
    Envelope wrong = other.envelope();
    assertThatThrownBy(() -> Facts.RECORDS.encode(new LogRecord.LeftView(left.viewChange(), wrong)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void onlyWhatAnOlderProgramCannotReadIsOfTheNewerVersion() {
    byte[] first = Facts.RECORDS.encode(Facts.prePrepared(0, 1));
    byte[] second = Facts.RECORDS.encode(Facts.prePreparedFromTree(0, 1));
    assertThat(first[0]).isEqualTo((byte) 1);
    assertThat(second[0]).isEqualTo((byte) 2);
    first[0] = 2;
    second[0] = 1;
    assertThatThrownBy(() -> Facts.RECORDS.decode(first)).isInstanceOf(Refusal.class);
    assertThatThrownBy(() -> Facts.RECORDS.decode(second)).isInstanceOf(Refusal.class);
  }

  @Test
  void anotherVersionOrTypeOrLengthIsRefused() {
    byte[] bytes = Facts.RECORDS.encode(Facts.prepared(1, 1));
    byte[] newer = bytes.clone();
    newer[0] = 3;
    byte[] unknown = bytes.clone();
    unknown[1] = 99;
    assertThatThrownBy(() -> Facts.RECORDS.decode(newer)).isInstanceOf(Refusal.class);
    assertThatThrownBy(() -> Facts.RECORDS.decode(unknown)).isInstanceOf(Refusal.class);
    assertThatThrownBy(() -> Facts.RECORDS.decode(Arrays.copyOf(bytes, bytes.length + 1)))
        .isInstanceOf(Refusal.class);
    assertThatThrownBy(() -> Facts.RECORDS.decode(Arrays.copyOf(bytes, bytes.length - 1)))
        .isInstanceOf(Refusal.class);
  }

  @Test
  void anyBytesGiveARecordThatEncodesToThemOrARefusal() {
    Random random = new Random(5);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      LogRecord fact = Facts.everyKind().get(i % Facts.everyKind().size());
      byte[] bytes = Facts.RECORDS.encode(fact);
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      try {
        assertThat(Facts.RECORDS.encode(Facts.RECORDS.decode(bytes))).isEqualTo(bytes);
      } catch (Refusal refusal) {
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }
}
