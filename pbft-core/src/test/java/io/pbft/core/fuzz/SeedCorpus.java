package io.pbft.core.fuzz;

import io.pbft.core.codec.Codec;
import io.pbft.core.message.Message;
import io.pbft.core.message.MessageType;
import io.pbft.core.scene.Peers;
import io.pbft.core.scene.Samples;
import io.pbft.core.scene.Scene;
import io.pbft.core.validation.AuthenticationMode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Writes the seeds of all targets: one message of each type, and a client table. */
final class SeedCorpus {
  private SeedCorpus() {}

  /**
   * Writes them.
   *
   * @param args the directory of this package in the test resources
   */
  public static void main(String[] args) throws IOException {
    Path root = Path.of(args[0]);
    Peers peers = new Peers(Scene.config(4), AuthenticationMode.MAC);
    Codec codec = peers.codec();
    List<Message> samples = Samples.all();
    for (int i = 0; i < samples.size(); i++) {
      Message message = samples.get(i);
      String name =
          String.format(Locale.ROOT, "%02d-%s", i, message.type().name().toLowerCase(Locale.ROOT));
      byte[] content = codec.encode(message);
      byte[] payload = peers.sealer(Samples.REPLICA).payload(message);
      write(root.resolve("CodecFuzzTestInputs/decode").resolve(name), content);
      boolean fromReplica = message.type().origin() == MessageType.Origin.REPLICA;
      int scene = fromReplica ? 0 : 4;
      int peer = fromReplica ? Samples.REPLICA : 0;
      Path door = root.resolve("GatekeeperFuzzTestInputs/admit");
      write(door.resolve(name), prefixed(scene, peer, payload));
      write(door.resolve(name + "-signed"), prefixed(scene | 1 | 8, peer, content));
    }
    byte[] payload = peers.sealer(Samples.REPLICA).payload(samples.get(9));
    write(root.resolve("CodecFuzzTestInputs/envelope/signed"), payload);
    byte[] table = Scene.of(1).orderedUpTo(4).meta(4);
    write(root.resolve("ClientTableFuzzTestInputs/restore/one-session"), table);
  }

  private static byte[] prefixed(int scene, int peer, byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(scene);
    out.write(peer);
    out.writeBytes(bytes);
    return out.toByteArray();
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }
}
