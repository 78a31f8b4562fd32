package io.pbft.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineSourceTest {
  private static List<String> lines(byte[] input) throws IOException {
    LineSource source = new LineSource(new ByteArrayInputStream(input));
    List<String> lines = new ArrayList<>();
    for (LineSource.Line line = source.next(); line != null; line = source.next()) {
      lines.add(line.text() == null ? "wrong: " + line.wrong() : line.text());
    }
    return lines;
  }

  private static List<String> lines(String input) throws IOException {
    return lines(input.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void endsLinesAsUnixAndWindowsDo() throws IOException {
    assertThat(lines("")).isEmpty();
    assertThat(lines("a\r\nb\n\nåß")).containsExactly("a", "b", "", "åß");
    assertThat(lines("a\rb\n")).containsExactly("a\rb");
  }

  @Test
  void refusesWhatIsNotUtf8AndGoesOn() throws IOException {
    assertThat(lines(new byte[] {'a', (byte) 0xff, '\n', 'b', '\n'}))
        .containsExactly("wrong: not UTF-8 text", "b");
  }

  @Test
  void aLineThatNeverEndsTakesNoMoreThanItsLimit() throws IOException {
    byte[] input = new byte[LineSource.MAX_LINE_BYTES + 1000];
    java.util.Arrays.fill(input, (byte) 'x');
    input[input.length - 2] = '\n';
    assertThat(lines(input)).containsExactly("wrong: longer than 4194304 bytes", "x");
  }
}
