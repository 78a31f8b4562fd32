package io.pbft.lab.sim;

import io.pbft.core.Observation;
import io.pbft.crypto.Digest;
import io.pbft.crypto.Hasher;
import io.pbft.crypto.Principal;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * Tells two runs apart: a running hash over everything that was sent and noticed. Fed with numbers,
 * bytes and names only, never with a {@code hashCode}, so it is the same in every JVM. It is no
 * cryptographic hash: nobody is to be fooled by it but the lab's own mistakes.
 */
final class Fingerprint {
  private final CRC32C crc = new CRC32C();
  private long a = 1;
  private long b = 2;

  void sent(long at, Principal from, Principal to, byte[] payload) {
    crc.reset();
    crc.update(payload, 0, payload.length);
    mix(at, code(from) << 32 | code(to));
    mix(payload.length, crc.getValue());
  }

  void arrived(long at, int replica) {
    mix(at, replica);
  }

  void observed(long at, int replica, Observation observation) {
    mix(at, replica);
    if (observation instanceof Observation.Deferred o) {
      mix(1L << 32 | o.type().tag(), o.sender());
      text(o.reason().name());
    } else if (observation instanceof Observation.PrePrepared o) {
      mix(2L << 32 | o.view(), o.sequence());
    } else if (observation instanceof Observation.Prepared o) {
      mix(3L << 32 | o.view(), o.sequence());
    } else if (observation instanceof Observation.CommittedLocal o) {
      mix(4L << 32 | o.view(), o.sequence());
    } else if (observation instanceof Observation.Executing o) {
      mix(5L << 32 | o.requests(), o.sequence());
    } else {
      // Records of numbers, names and digests: their text is the same everywhere.
      text(observation.toString());
    }
  }

  void happened(long at, int replica, String what) {
    mix(at, replica);
    text(what);
  }

  private void text(String text) {
    crc.reset();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    crc.update(bytes, 0, bytes.length);
    mix(bytes.length, crc.getValue());
  }

  private static long code(Principal principal) {
    return (principal.kind() == Principal.Kind.CLIENT ? 1L << 30 : 0) + principal.id();
  }

  private void mix(long x, long y) {
    a = Choices.mix(a ^ x) + y;
    b = Choices.mix(b + y) ^ a;
  }

  Digest value() {
    return Hasher.domain("lab-trace").putLong(a).putLong(b).digest();
  }
}
