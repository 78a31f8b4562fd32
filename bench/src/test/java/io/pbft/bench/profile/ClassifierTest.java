package io.pbft.bench.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassifierTest {
  private static final String LOOP = "pbft-net-replica-0";

  private static Component of(String frames) {
    return Classifier.of(LOOP, List.of(frames.split(";")));
  }

  @ParameterizedTest
  @CsvSource({
    "io/netty/channel/nio/NioIoHandler.run;io/pbft/net/Connection.channelRead, TRANSPORT",
    "io/pbft/net/Connection.channelRead;io/pbft/core/driver/ReplicaDriver.deliver, DRIVER",
    "io/pbft/core/driver/ReplicaDriver.deliver;io/pbft/core/codec/Codec.decode, CODEC",
    "io/pbft/core/codec/Writer.putInt;com/esotericsoftware/kryo/io/Output.writeInt, CODEC",
    "io/pbft/core/driver/Door.knock;io/pbft/core/validation/Gatekeeper.admit, VALIDATION",
    "io/pbft/core/driver/ReplicaDriver.step;io/pbft/core/replica/Replica.step, PROTOCOL",
    "io/pbft/core/replica/Replica.step;io/pbft/core/normal/Ordering.onPrepare, PROTOCOL",
    "io/pbft/core/normal/Ordering.onCommit;io/pbft/core/execution/ClientTable.put, EXECUTION",
    "io/pbft/core/driver/ExecutionHost.run;io/pbft/bench/process/ReplicaNode$Nothing.x, EXECUTION",
    "io/pbft/core/driver/Effects.persist;io/pbft/core/driver/MemoryJournal.append, JOURNAL",
    "io/pbft/storage/SegmentedJournal.run;io/pbft/storage/SegmentLog.append, JOURNAL",
    "io/pbft/net/Link.onFrame;io/pbft/client/core/Tally.add, CLIENT",
    "io/pbft/client/Pending.complete;io/pbft/bench/process/Fleet.ended, LOAD",
    "io/pbft/core/validation/Gatekeeper.admit;io/pbft/crypto/VerifyingKey.verify, SIGNATURES",
  })
  void theFirstFrameFromTheTopThatIsAComponentsOwnCounts(String frames, Component component) {
    assertThat(of(frames)).isEqualTo(component);
  }

  @Test
  void whatTheJdkDoesIsItsCallers() {
    assertThat(of("io/pbft/core/normal/Ordering.onPrepare;java/util/TreeMap.put"))
        .isEqualTo(Component.PROTOCOL);
    assertThat(of("io/pbft/net/Link.write;sun/nio/ch/IOUtil.write;jshort_disjoint_arraycopy"))
        .isEqualTo(Component.TRANSPORT);
    assertThat(of("io/pbft/storage/RealDisk.force;sun/nio/ch/FileChannelImpl.force"))
        .isEqualTo(Component.JOURNAL);
  }

  @Test
  void messagesAreTheirUsers() {
    assertThat(of("io/pbft/core/codec/Codec.decode;io/pbft/core/message/Prepare.<init>"))
        .isEqualTo(Component.CODEC);
    assertThat(of("io/pbft/core/normal/Votes.add;io/pbft/core/message/Commit.equals"))
        .isEqualTo(Component.PROTOCOL);
  }

  @Test
  void theHashFunctionIsADigestOrAMacByItsCaller() {
    String sha = ";sun/security/provider/DigestBase.engineUpdate;sha256_implCompressMB";
    assertThat(of("io/pbft/core/message/Batch.digest;io/pbft/crypto/Hasher.digest" + sha))
        .isEqualTo(Component.DIGEST);
    assertThat(of("io/pbft/net/Connection.x;io/pbft/crypto/Hkdf.expand" + sha))
        .isEqualTo(Component.MAC);
  }

  @Test
  void aCipherIsAMac() {
    assertThat(of("io/pbft/crypto/Authenticator.tag;com/sun/crypto/provider/CipherCore.doFinal"))
        .isEqualTo(Component.MAC);
    assertThat(of("io/pbft/net/Connection.x;io/pbft/crypto/SealingChannel.seal;aesgcm"))
        .isEqualTo(Component.MAC);
  }

  @Test
  void comparingDigestsIsNotHashing() {
    assertThat(of("io/pbft/core/normal/Votes.add;io/pbft/crypto/Digest.equals"))
        .isEqualTo(Component.PROTOCOL);
  }

  @Test
  void theJvmsOwnThreadsAreKnownByTheirNames() {
    List<String> frames = List.of("start_thread", "Thread::call_run");
    assertThat(Classifier.of("C2 CompilerThre", frames)).isEqualTo(Component.COMPILERS);
    assertThat(Classifier.of("C1 CompilerThread0", List.of())).isEqualTo(Component.COMPILERS);
    assertThat(Classifier.of("VM Thread", frames)).isEqualTo(Component.COLLECTOR);
    assertThat(Classifier.of("GC Thread#1", frames)).isEqualTo(Component.COLLECTOR);
    assertThat(Classifier.of("VM Periodic Tas", frames)).isEqualTo(Component.JVM);
  }

  @Test
  void whatBelongsToNobodyIsOther() {
    assertThat(of("java/lang/Thread.run;java/util/concurrent/ForkJoinPool.scan"))
        .isEqualTo(Component.OTHER);
    assertThat(of("[unknown_Java]")).isEqualTo(Component.OTHER);
  }

  @ParameterizedTest
  @CsvSource({
    "__GI_write, true",
    "__libc_read, true",
    "epoll_wait, true",
    "___pthread_cond_broadcast, true",
    "sun/nio/ch/SocketDispatcher.write0, false",
    "sha256_implCompressMB, false",
  })
  void theKernelsWorkIsKnownByTheTopFrame(String top, boolean kernel) {
    assertThat(Classifier.isInKernel(List.of("sun/nio/ch/EPoll.wait", top))).isEqualTo(kernel);
  }

  @Test
  void whatTheKernelDoesIsNamedByTheThread() {
    assertThat(Classifier.ofKernel("pbft-net-replic")).isEqualTo(Component.KERNEL_TRANSPORT);
    assertThat(Classifier.ofKernel("pbft-journal-0")).isEqualTo(Component.KERNEL_JOURNAL);
    assertThat(Classifier.ofKernel("C2 CompilerThre")).isEqualTo(Component.COMPILERS);
    assertThat(Classifier.ofKernel("pbft-replica-0")).isEqualTo(Component.KERNEL_OTHER);
  }
}
