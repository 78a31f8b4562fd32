package io.pbft.client;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.codec.Codec;
import io.pbft.core.message.Message;
import io.pbft.core.validation.Admission;
import io.pbft.core.validation.AuthenticationMode;
import io.pbft.core.validation.ClusterScope;
import io.pbft.core.validation.Gatekeeper;
import io.pbft.core.validation.KeyDirectory;
import io.pbft.core.validation.RequestKeyring;
import io.pbft.core.validation.Sealer;
import io.pbft.core.validation.Verified;
import io.pbft.crypto.Digest;
import io.pbft.crypto.MacKey;
import io.pbft.crypto.Principal;
import io.pbft.crypto.SigningKey;
import io.pbft.crypto.VerifyingKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The keys and doors of a cluster with one client, number 7. What its replicas say goes through the
 * client's real door, for there is no other way to a {@link Verified}.
 */
public final class TestCluster {
  public static final int CLIENT = 7;

  public final ProtocolConfig config;
  public final ClusterScope scope = new ClusterScope(Digest.of(new byte[] {1}), 1);
  public final Sealer clientSealer;
  public final Gatekeeper clientDoor;
  private final AuthenticationMode mode;
  private final Codec codec;
  private final List<SigningKey> replicaKeys = new ArrayList<>();
  private final SigningKey clientKey = key(100);
  private final List<Sealer> sealers = new ArrayList<>();
  private final KeyDirectory directory =
      new KeyDirectory() {
        @Override
        public VerifyingKey replica(int id) {
          return id < replicaKeys.size() ? replicaKeys.get(id).verifyingKey() : null;
        }

        @Override
        public VerifyingKey client(int id) {
          return id == CLIENT ? clientKey.verifyingKey() : null;
        }
      };

  public TestCluster(ProtocolConfig config, AuthenticationMode mode) {
    this.config = config;
    this.mode = mode;
    this.codec = new Codec(config.limits());
    for (int i = 0; i < config.n(); i++) {
      replicaKeys.add(key(i));
      sealers.add(new Sealer(codec, scope, mode, replicaKeys.get(i)));
    }
    this.clientSealer = new Sealer(codec, scope, mode, clientKey);
    this.clientDoor = door(Principal.client(CLIENT), new RequestKeyring());
  }

  public TestCluster(int n) {
    this(ProtocolConfig.of(n), AuthenticationMode.MAC);
  }

  /** The door of a replica that shares these keys with client sessions. */
  public Gatekeeper door(Principal self, RequestKeyring keyring) {
    return new Gatekeeper(self, codec, scope, mode, config.clientSignatures(), directory, keyring);
  }

  /** The payload with which {@code signer} seals the message, whatever author it names. */
  public byte[] payload(int signer, Message message) {
    return sealers.get(signer).payload(message);
  }

  /** What the client's door says of a message that comes over a replica's link. */
  public Admission admit(int link, Message message) {
    return clientDoor.admit(Principal.replica(link), payload(link, message));
  }

  public Verified<? extends Message> verified(int link, Message message) {
    Admission admission = admit(link, message);
    if (admission instanceof Admission.Admitted admitted) {
      return admitted.message();
    }
    throw new AssertionError(admission);
  }

  public static MacKey macKey(int replica) {
    byte[] raw = new byte[MacKey.LENGTH];
    Arrays.fill(raw, (byte) (replica + 1));
    return MacKey.fromBytes(raw);
  }

  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static SigningKey key(int number) {
    byte[] seed = new byte[SigningKey.SEED_LENGTH];
    seed[0] = (byte) number;
    seed[1] = 1;
    return SigningKey.fromSeed(seed);
  }
}
