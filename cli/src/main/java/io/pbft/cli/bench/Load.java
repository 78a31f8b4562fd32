package io.pbft.cli.bench;

import io.pbft.cli.CliException;
import io.pbft.examples.kv.KvOperation;
import io.pbft.examples.nothing.NullService;

/** The operation that a load consists of, by the cluster's service. */
final class Load {
  private static final byte[] KEY = {'b', 'e', 'n', 'c', 'h'};

  private Load() {}

  /**
   * The operation.
   *
   * @throws CliException if the service can't answer with so many bytes
   */
  static byte[] operation(String service, int request, int reply) throws CliException {
    if (service.equals("null")) {
      return NullService.operation(request, reply);
    }
    if (reply > 0) {
      throw CliException.wrong(
          "--reply is for a cluster made with 'init --service null'; this one runs " + service);
    }
    if (service.equals("kv")) {
      return new KvOperation.Put(KEY, new byte[request]).encode();
    }
    return new byte[service.equals("counter") ? Long.BYTES : request];
  }
}
