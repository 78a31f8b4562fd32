package io.pbft.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
  private static final int LIMIT = 1 << 20;

  private final List<String> frames = new ArrayList<>();
  private final List<Long> tooLarge = new ArrayList<>();
  private int wanted = Integer.MAX_VALUE;
  private final FrameReader reader =
      new FrameReader(
          new FrameReader.Sink() {
            @Override
            public int frameLimit() {
              return LIMIT;
            }

            @Override
            public boolean onFrame(byte[] buffer, int offset, int length) {
              frames.add(new String(buffer, offset, length, StandardCharsets.US_ASCII));
              return frames.size() < wanted;
            }

            @Override
            public void onTooLarge(long claimed) {
              tooLarge.add(claimed);
            }
          });

  @Test
  void findsTheFramesWhereverTheStreamIsCut() {
    byte[] stream = concat(frame("one"), frame(""), frame("x".repeat(700)), frame("four"));
    for (int first = 0; first <= stream.length; first++) {
      for (int second = first; second <= stream.length; second += 13) {
        frames.clear();
        reader.read(Unpooled.wrappedBuffer(stream, 0, first));
        reader.read(Unpooled.wrappedBuffer(stream, first, second - first));
        reader.read(Unpooled.wrappedBuffer(stream, second, stream.length - second));
        assertThat(frames).containsExactly("one", "", "x".repeat(700), "four");
        assertThat(reader.inFrame()).isFalse();
      }
    }
  }

  @Test
  void refusesALengthOverTheLimitBeforeAnyAllocation() {
    for (int claimed : new int[] {LIMIT + 1, Integer.MAX_VALUE, Integer.MIN_VALUE, -1}) {
      tooLarge.clear();
      FrameReader fresh = new FrameReader(sinkOf(tooLarge));
      int before = fresh.capacity();

      fresh.read(Unpooled.buffer().writeInt(claimed).writeInt(0));

      assertThat(tooLarge).containsExactly(Integer.toUnsignedLong(claimed));
      assertThat(fresh.capacity()).isEqualTo(before);
    }
  }

  @Test
  void takesALengthOfExactlyTheLimit() {
    reader.read(Unpooled.wrappedBuffer(frame("x".repeat(LIMIT))));

    assertThat(frames).containsExactly("x".repeat(LIMIT));
    assertThat(tooLarge).isEmpty();
  }

  @Test
  void holdsAtMostTwiceWhatHasComeWhateverIsClaimed() {
    int small = reader.capacity();
    reader.read(Unpooled.buffer().writeInt(LIMIT).writeByte(1));
    assertThat(reader.capacity()).isEqualTo(small);

    ByteBuf some = Unpooled.wrappedBuffer(new byte[10_000]);
    reader.read(some);

    assertThat(reader.inFrame()).isTrue();
    assertThat(reader.capacity()).isBetween(10_005, 20_010);
  }

  @Test
  void givesBackALargeBufferThatIsNeededNoLonger() {
    reader.read(Unpooled.wrappedBuffer(frame("x".repeat(LIMIT))));
    reader.trim();
    assertThat(reader.capacity()).as("was needed lately").isGreaterThanOrEqualTo(LIMIT);

    reader.read(Unpooled.wrappedBuffer(frame("small")));
    reader.trim();

    assertThat(reader.capacity()).isLessThan(1_000);
    reader.read(Unpooled.wrappedBuffer(frame("after")));
    assertThat(frames).endsWith("small", "after");
  }

  @Test
  void doesNotTrimWithinAFrame() {
    byte[] frame = frame("x".repeat(5_000));
    reader.read(Unpooled.wrappedBuffer(frame, 0, 4_000));
    reader.trim();
    reader.trim();
    reader.read(Unpooled.wrappedBuffer(frame, 4_000, frame.length - 4_000));

    assertThat(frames).isEqualTo(Collections.singletonList("x".repeat(5_000)));
  }

  @Test
  void stopsWhenTheSinkHasHadEnough() {
    wanted = 1;
    reader.read(Unpooled.wrappedBuffer(concat(frame("one"), frame("two"))));

    assertThat(frames).containsExactly("one");
  }

  private static FrameReader.Sink sinkOf(List<Long> tooLarge) {
    return new FrameReader.Sink() {
      @Override
      public int frameLimit() {
        return LIMIT;
      }

      @Override
      public boolean onFrame(byte[] buffer, int offset, int length) {
        throw new AssertionError("a frame of " + length + " bytes");
      }

      @Override
      public void onTooLarge(long claimed) {
        tooLarge.add(claimed);
      }
    };
  }

  private static byte[] frame(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(4 + bytes.length).putInt(bytes.length).put(bytes).array();
  }

  private static byte[] concat(byte[]... parts) {
    ByteBuf all = Unpooled.buffer();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    byte[] bytes = new byte[all.readableBytes()];
    all.readBytes(bytes);
    return bytes;
  }
}
