package io.pbft.lab.sim;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.Quorums;
import io.pbft.core.ReplicaCore;
import io.pbft.core.codec.Codec;
import io.pbft.core.codec.Limits;
import io.pbft.core.message.Reason;
import io.pbft.core.replica.Replica;
import io.pbft.core.runtime.Defences;
import io.pbft.core.validation.AuthenticationMode;
import io.pbft.core.validation.ClusterScope;
import io.pbft.core.validation.Gatekeeper;
import io.pbft.core.validation.RequestKeyring;
import io.pbft.core.validation.Sealer;
import io.pbft.core.validation.VerifiedSignatures;
import io.pbft.crypto.Digest;
import io.pbft.crypto.Principal;
import io.pbft.crypto.SigningKey;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/** Puts replicas and clients together, each with its own keys. */
final class Assembly {
  private static final Limits NO_LIMITS = new Limits(1 << 29, 1 << 26, 1 << 26, 1 << 16, 1 << 27);

  private final Simulation world;
  private final ProtocolConfig config;
  private final AuthenticationMode mode;
  private final IntFunction<Defences> defences;
  private final Keys keys;
  private final ClusterScope scope = new ClusterScope(Digest.of(new byte[] {7}), 0);
  private final Codec codec;
  private final VerifiedSignatures signatures = new VerifiedSignatures();
  private final List<RequestKeyring> keyrings = new ArrayList<>();

  Assembly(Simulation world, AuthenticationMode mode, int clients, IntFunction<Defences> defences) {
    this.world = world;
    this.config = world.config();
    this.mode = mode;
    this.defences = defences;
    this.keys = new Keys(config.n(), clients);
    this.codec = new Codec(config.limits());
    for (int i = 0; i < config.n(); i++) {
      keyrings.add(new RequestKeyring());
    }
  }

  Codec codec() {
    return codec;
  }

  Keys keys() {
    return keys;
  }

  /** Seals for another cluster, to which the same replicas might belong. */
  Sealer foreignSealer(SigningKey key) {
    ClusterScope other = new ClusterScope(Digest.of(new byte[] {8}), 0);
    return new Sealer(codec, other, mode, key, signatures);
  }

  Sealer sealer(SigningKey key) {
    return new Sealer(codec, scope, mode, key, signatures);
  }

  SimDisk disk(int id, EventQueue queue) {
    return new SimDisk(id, queue, world.choices(), codec, scope.clusterId());
  }

  SimReplica replica(
      int id, int place, UnaryOperator<ReplicaCore> traitor, SimMemory memory, SimClock clock) {
    Sealer sealer = sealer(keys.ofReplica(id));
    Defences mine = defences.apply(id);
    Gatekeeper gatekeeper =
        new Gatekeeper(
            Principal.replica(id),
            doorCodec(mine),
            scope,
            mode,
            config.clientSignatures(),
            keys,
            keyrings.get(id),
            signatures,
            type -> true,
            mine::refuses);
    Replica honest = new Replica(id, config, sealer, mine);
    ReplicaCore core = honest;
    if (traitor != null) {
      world.markTraitor(id);
      core = traitor.apply(core);
    }
    SimReplica replica =
        new SimReplica(
            world,
            new SimReplica.Parts(
                id, place, honest, core, gatekeeper, sealer, world.newMachine(id), memory, clock));
    world.network().attach(replica);
    return replica;
  }

  /**
   * What a replica reads with: without a limit, or with an open end, where that defence is down.
   */
  private Codec doorCodec(Defences defended) {
    boolean bounded = defended.refuses(Reason.TOO_LARGE);
    boolean strict = defended.refuses(Reason.NON_CANONICAL);
    return bounded && strict ? codec : new Codec(bounded ? config.limits() : NO_LIMITS, strict);
  }

  SimClient client(int id) {
    long session = 1;
    for (int i = 0; i < config.n(); i++) {
      keyrings.get(i).put(id, session, Keys.shared(id, session, i, 0));
    }
    Gatekeeper gatekeeper =
        new Gatekeeper(
            Principal.client(id),
            codec,
            scope,
            mode,
            config.clientSignatures(),
            keys,
            new RequestKeyring(),
            signatures,
            type -> true,
            reason -> true);
    Sealer sealer = sealer(keys.ofClient(id));
    // All clients are of one build; where the replicas differ, the first one says which.
    Quorums replies = defences.apply(0).replies(config.quorums());
    SimClient client = new SimClient(world, id, session, gatekeeper, sealer, replies);
    world.network().attach(client);
    return client;
  }
}
