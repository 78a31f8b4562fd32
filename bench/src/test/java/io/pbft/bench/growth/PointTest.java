package io.pbft.bench.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A point of the table is read as it was written")
class PointTest {
  private static final double NONE = Double.NaN;

  @Test
  void whatWasMeasured() {
    Point point =
        new Point("replicas one at a time", 4, 224, 3.409, 16, 8886, NONE, NONE, 35, 305, "");
    assertThat(Point.parse(point.csv())).isEqualTo(point);
  }

  @Test
  void whatFailedWithItsReasonCommasIncluded() {
    Point point = Point.failed("payload", 65536, new IllegalStateException("1, 2; 3"));
    assertThat(Point.parse(point.csv())).isEqualTo(point);
  }

  @Test
  void aPartWithACommaWouldBeReadAsTwoColumns() {
    assertThatThrownBy(() -> Point.failed("replicas, one at a time", 4, new Exception("x")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
