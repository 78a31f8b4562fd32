package io.pbft.cli.shell;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Lines of UTF-8, bounded in length. LF or CRLF ends a line, and so does the end of the input. */
final class LineSource {
  /** The longest line: room for a key and two values, escaped. */
  static final int MAX_LINE_BYTES = 4 * 1024 * 1024;

  private final InputStream in;
  private final byte[] buffer = new byte[64 * 1024];
  private int at;
  private int end;
  private byte[] line = new byte[256];

  LineSource(InputStream in) {
    this.in = in;
  }

  /** A line, or why there is none: exactly one of the two. */
  record Line(String text, String wrong) {}

  /** The next line, null at the end of the input. */
  Line next() throws IOException {
    int length = 0;
    boolean any = false;
    for (int b = read(); b >= 0; b = read()) {
      any = true;
      if (b == '\n') {
        return decode(length);
      }
      if (length < MAX_LINE_BYTES + 1) {
        if (length == line.length) {
          line = Arrays.copyOf(line, 2 * length);
        }
        line[length++] = (byte) b;
      }
    }
    return any ? decode(length) : null;
  }

  private int read() throws IOException {
    if (at == end) {
      end = in.read(buffer);
      at = 0;
      if (end <= 0) {
        end = 0;
        return -1;
      }
    }
    return buffer[at++] & 0xff;
  }

  private Line decode(int length) {
    if (length > MAX_LINE_BYTES) {
      return new Line(null, "longer than " + MAX_LINE_BYTES + " bytes");
    }
    int used = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
    try {
      ByteBuffer bytes = ByteBuffer.wrap(line, 0, used);
      return new Line(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString(), null);
    } catch (CharacterCodingException e) {
      return new Line(null, "not UTF-8 text");
    }
  }
}
