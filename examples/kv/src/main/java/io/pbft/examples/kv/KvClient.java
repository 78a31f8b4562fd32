package io.pbft.examples.kv;

import io.pbft.client.PbftClient;
import io.pbft.client.ReadMode;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The store as its clients see it: UTF-8 strings in, futures out. Thread safe. Operations of one
 * client take effect in the order of the calls; its ordered reads see its earlier writes.
 *
 * <p>A future fails with {@link KvException} when the store refuses the operation, and with what
 * {@link PbftClient} fails with when the cluster does not answer.
 */
public final class KvClient {
  private final PbftClient client;

  /**
   * @param client stays the caller's to close
   */
  public KvClient(PbftClient client) {
    this.client = client;
  }

  public CompletableFuture<Void> put(String key, String value) {
    return perform(new KvOperation.Put(utf8(key), utf8(value)), ReadMode.ORDERED)
        .thenApply(result -> null);
  }

  /** A linearizable read. */
  public CompletableFuture<Optional<String>> get(String key) {
    return get(key, ReadMode.ORDERED);
  }

  public CompletableFuture<Optional<String>> get(String key, ReadMode mode) {
    return perform(new KvOperation.Get(utf8(key)), mode)
        .thenApply(
            result ->
                result instanceof KvResult.Value value
                    ? Optional.of(string(value.value()))
                    : Optional.empty());
  }

  /** True if there was something to remove. */
  public CompletableFuture<Boolean> delete(String key) {
    return perform(new KvOperation.Delete(utf8(key)), ReadMode.ORDERED)
        .thenApply(result -> result instanceof KvResult.Done);
  }

  /**
   * Sets the key if it has the expected value, or, if that is null, if it is not there.
   *
   * @return {@link KvResult.Done} or {@link KvResult.Conflict}
   */
  public CompletableFuture<KvResult> compareAndSet(String key, String expected, String value) {
    return perform(
        new KvOperation.CompareAndSet(
            utf8(key), expected == null ? null : utf8(expected), utf8(value)),
        ReadMode.ORDERED);
  }

  /**
   * One page of the entries whose keys start with {@code prefix}, in key order.
   *
   * @param after the last key of the page before, null for the first page
   */
  public CompletableFuture<KvResult.Entries> scan(
      String prefix, byte[] after, int limit, ReadMode mode) {
    return perform(new KvOperation.Scan(utf8(prefix), after, limit), mode)
        .thenApply(KvResult.Entries.class::cast);
  }

  /** Any operation; {@code mode} counts for reads only. Never yields {@link KvResult.Refused}. */
  public CompletableFuture<KvResult> perform(KvOperation operation, ReadMode mode) {
    byte[] bytes = operation.encode();
    return (operation.readOnly() ? client.read(bytes, mode) : client.invoke(bytes))
        .thenApply(KvClient::decode);
  }

  private static KvResult decode(byte[] bytes) {
    try {
      KvResult result = KvResult.decode(bytes);
      if (result instanceof KvResult.Refused refused) {
        throw new KvException(refused.reason());
      }
      return result;
    } catch (KvFormatException e) {
      // f+1 replicas agree on these bytes: the cluster runs another service.
      throw new CompletionException("the cluster does not run the key-value service", e);
    }
  }

  static byte[] utf8(String string) {
    return string.getBytes(StandardCharsets.UTF_8);
  }

  static String string(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
