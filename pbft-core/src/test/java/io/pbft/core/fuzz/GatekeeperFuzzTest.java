package io.pbft.core.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.pbft.core.codec.Decoded;
import io.pbft.core.message.Message;
import io.pbft.core.message.ReplicaMessage;
import io.pbft.core.scene.Peers;
import io.pbft.core.scene.Scene;
import io.pbft.core.validation.Admission;
import io.pbft.core.validation.AuthenticationMode;
import io.pbft.core.validation.Gatekeeper;
import io.pbft.crypto.Principal;
import java.util.Arrays;

/**
 * The door never throws, in no mode, at a replica or a client, whoever knocks; and what it lets in
 * is said by who sent it.
 */
class GatekeeperFuzzTest {
  private static final Peers MAC = new Peers(Scene.config(4), AuthenticationMode.MAC);
  private static final Peers SIGNING = new Peers(Scene.config(4), AuthenticationMode.SIGNATURE);

  /** The first byte chooses the scene, the second the peer, the rest is the content. */
  @FuzzTest(maxDuration = "3m")
  void admit(byte[] data) {
    if (data.length < 2) {
      return;
    }
    Peers peers = (data[0] & 1) == 0 ? MAC : SIGNING;
    Principal self = (data[0] & 2) == 0 ? Principal.replica(1) : Principal.client(0);
    int id = data[1] & 7;
    Principal peer = (data[0] & 4) == 0 ? Principal.replica(id) : Principal.client(id);
    byte[] content = Arrays.copyOfRange(data, 2, data.length);
    byte[] payload = (data[0] & 8) == 0 ? content : sealed(peers, id, content);
    Gatekeeper door = peers.gatekeeper(self, Peers.keyring(1));
    Allocation.check(payload.length, () -> check(door.admit(peer, payload), peer));
  }

  /** With a right signature, so that the door looks further than that. */
  private static byte[] sealed(Peers peers, int id, byte[] content) {
    if (peers.codec().decode(content) instanceof Decoded.Ok ok) {
      return peers.sealer(id % 4).payload(ok.message());
    }
    return content;
  }

  private static void check(Admission admission, Principal peer) {
    if (admission instanceof Admission.Admitted admitted) {
      Message message = admitted.message().message();
      if (!admitted.message().sender().equals(peer)
          || (message instanceof ReplicaMessage m && m.replica() != peer.id())) {
        throw new AssertionError(peer + " spoke as another: " + message);
      }
    } else if (((Admission.Refused) admission).reason() == null) {
      throw new AssertionError("refused without a reason");
    }
  }
}
