package io.pbft.bench.profile;

import java.util.List;
import java.util.Set;

/**
 * Says to which component a stack belongs: that of the first frame, from the top, that is one
 * component's own. What serves all, the JDK's collections and hash function or the protocol's
 * messages, counts for whoever called it.
 */
final class Classifier {
  private record Rule(String prefix, Component component) {}

  /** The first that fits counts; null is the caller's. */
  private static final List<Rule> RULES =
      List.of(
          new Rule("com/sun/crypto/provider/", Component.MAC),
          new Rule("javax/crypto/", Component.MAC),
          new Rule("io/pbft/crypto/Digest.equals", null),
          new Rule("io/pbft/crypto/Digest.hashCode", null),
          new Rule("io/pbft/crypto/Digest.compareTo", null),
          new Rule("io/pbft/crypto/Digest", Component.DIGEST),
          new Rule("io/pbft/crypto/Hasher", Component.DIGEST),
          new Rule("io/pbft/crypto/SigningKey", Component.SIGNATURES),
          new Rule("io/pbft/crypto/VerifyingKey", Component.SIGNATURES),
          new Rule("io/pbft/crypto/CorrettoEd25519", Component.SIGNATURES),
          new Rule("org/bouncycastle/", Component.SIGNATURES),
          new Rule("com/amazon/corretto/", Component.SIGNATURES),
          new Rule("io/pbft/crypto/", Component.MAC),
          new Rule("io/pbft/core/codec/", Component.CODEC),
          new Rule("com/esotericsoftware/kryo/", Component.CODEC),
          new Rule("io/pbft/core/validation/", Component.VALIDATION),
          new Rule("io/pbft/core/driver/MemoryJournal", Component.JOURNAL),
          new Rule("io/pbft/core/driver/MemorySnapshots", Component.JOURNAL),
          new Rule("io/pbft/core/driver/ExecutionHost", Component.EXECUTION),
          new Rule("io/pbft/core/driver/StateHost", Component.EXECUTION),
          new Rule("io/pbft/core/driver/", Component.DRIVER),
          new Rule("io/pbft/core/execution/", Component.EXECUTION),
          new Rule("io/pbft/core/state/", Component.EXECUTION),
          new Rule("io/pbft/core/message/", null),
          new Rule("io/pbft/core/spi/", null),
          new Rule("io/pbft/core/", Component.PROTOCOL),
          new Rule("io/pbft/client/", Component.CLIENT),
          new Rule("io/pbft/storage/", Component.JOURNAL),
          new Rule("io/pbft/net/", Component.TRANSPORT),
          new Rule("io/netty/", Component.TRANSPORT),
          new Rule("io/pbft/node/", Component.DRIVER),
          new Rule("io/pbft/examples/", Component.EXECUTION),
          new Rule("io/pbft/bench/process/ReplicaNode", Component.EXECUTION),
          new Rule("io/pbft/bench/", Component.LOAD),
          new Rule("org/HdrHistogram/", Component.LOAD));

  /** The C library's functions that are calls of the kernel. */
  private static final Set<String> SYSTEM_CALLS =
      Set.of(
          "read",
          "write",
          "readv",
          "writev",
          "pread64",
          "pwrite64",
          "send",
          "recv",
          "sendmsg",
          "recvmsg",
          "epoll_wait",
          "epoll_pwait",
          "epoll_ctl",
          "poll",
          "fsync",
          "fdatasync",
          "ftruncate64",
          "fallocate64",
          "syscall",
          "futex",
          "pthread_cond_wait",
          "pthread_cond_timedwait",
          "pthread_cond_signal",
          "pthread_cond_broadcast");

  private Classifier() {}

  /**
   * The component of a sample.
   *
   * @param thread the thread's name
   * @param frames from the outermost to the top; Java's as {@code package/Type.method}
   */
  static Component of(String thread, List<String> frames) {
    Component owner = owner(frames);
    return owner == null ? withoutOwner(thread, frames) : owner;
  }

  /** Whether the kernel worked for the thread, as far as the C library's names tell. */
  static boolean isInKernel(List<String> frames) {
    return !frames.isEmpty()
        && SYSTEM_CALLS.contains(
            frames.get(frames.size() - 1).replaceFirst("^_*(GI_+)?(libc_)?", ""));
  }

  /**
   * What the kernel does for a thread.
   *
   * @param thread its name, of which the system may know only the first 15 characters
   */
  static Component ofKernel(String thread) {
    if (thread.startsWith("pbft-net-")) {
      return Component.KERNEL_TRANSPORT;
    }
    if (thread.startsWith("pbft-journal") || thread.startsWith("pbft-snapshots")) {
      return Component.KERNEL_JOURNAL;
    }
    Component own = withoutOwner(thread, List.of());
    return own == Component.JVM ? Component.KERNEL_OTHER : own;
  }

  private static Component owner(List<String> frames) {
    for (int i = frames.size() - 1; i >= 0; i--) {
      String frame = frames.get(i);
      for (Rule rule : RULES) {
        if (frame.startsWith(rule.prefix)) {
          if (rule.component != null) {
            return rule.component;
          }
          break;
        }
      }
    }
    return null;
  }

  private static Component withoutOwner(String thread, List<String> frames) {
    if (thread.startsWith("C1 Compiler") || thread.startsWith("C2 Compiler")) {
      return Component.COMPILERS;
    }
    // With the serial collector the VM's thread collects.
    if (thread.equals("VM Thread") || thread.matches("(GC|G1|Z|ParGC|Shenandoah)[ A-Z].*")) {
      return Component.COLLECTOR;
    }
    return frames.stream().anyMatch(Classifier::isJava) ? Component.OTHER : Component.JVM;
  }

  private static boolean isJava(String frame) {
    return frame.indexOf('/') > 0 || frame.startsWith("[");
  }
}
