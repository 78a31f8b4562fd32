package io.pbft.core.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.pbft.core.codec.Codec;
import io.pbft.core.codec.Decoded;
import io.pbft.core.codec.Limits;
import io.pbft.core.message.Envelope;
import io.pbft.core.scene.Samples;
import java.util.Arrays;

/** Decoding is total, canonical, and costs memory in proportion to its input. */
class CodecFuzzTest {
  private static final Codec CODEC = new Codec(Limits.DEFAULT);

  @FuzzTest(maxDuration = "3m")
  void decode(byte[] content) {
    Allocation.check(
        content.length,
        () -> {
          if (CODEC.decode(content) instanceof Decoded.Ok ok
              && !Arrays.equals(CODEC.encode(Samples.anew(ok.message())), content)) {
            throw new AssertionError("a second encoding of " + ok.message());
          }
        });
  }

  @FuzzTest(maxDuration = "1m")
  void envelope(byte[] payload) {
    Envelope envelope = CODEC.envelope(payload, 0, payload.length);
    if (envelope != null && !Arrays.equals(CODEC.payload(envelope), payload)) {
      throw new AssertionError("a second payload of one envelope");
    }
  }
}
