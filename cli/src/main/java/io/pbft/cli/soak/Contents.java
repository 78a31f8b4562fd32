package io.pbft.cli.soak;

import io.pbft.client.PbftClient;
import io.pbft.examples.kv.KvFormatException;
import io.pbft.examples.kv.KvOperation;
import io.pbft.examples.kv.KvResult;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What one replica's store holds, by its own word. */
final class Contents {
  private static final int PAGE = 1_000;
  private static final long ANSWER_SECONDS = 20;

  private Contents() {}

  /** The entries of one replica whose keys begin with the prefix. */
  static TreeMap<String, String> of(PbftClient client, int replica, String prefix)
      throws SoakFailure, InterruptedException {
    TreeMap<String, String> contents = new TreeMap<>();
    byte[] after = null;
    boolean more = true;
    while (more) {
      KvResult.Entries page =
          page(client, replica, new KvOperation.Scan(bytes(prefix), after, PAGE));
      for (KvResult.Entry entry : page.entries()) {
        contents.put(text(entry.key()), text(entry.value()));
        after = entry.key();
      }
      more = page.more();
    }
    return contents;
  }

  private static KvResult.Entries page(PbftClient client, int replica, KvOperation.Scan scan)
      throws SoakFailure, InterruptedException {
    try {
      byte[] answer = client.readFrom(replica, scan.encode()).get(ANSWER_SECONDS, TimeUnit.SECONDS);
      return (KvResult.Entries) KvResult.decode(answer);
    } catch (ExecutionException | TimeoutException | KvFormatException e) {
      throw new SoakFailure("replica " + replica + " does not tell what it holds: " + e, e);
    }
  }

  /** How contents differ from what was acknowledged, in a few words; empty when they do not. */
  static String difference(Map<String, String> acknowledged, Map<String, String> contents) {
    int missing = 0;
    int wrong = 0;
    String example = "";
    for (Map.Entry<String, String> entry : acknowledged.entrySet()) {
      String found = contents.get(entry.getKey());
      if (!entry.getValue().equals(found)) {
        missing += found == null ? 1 : 0;
        wrong += found == null ? 0 : 1;
        example = entry.getKey();
      }
    }
    return missing + wrong == 0
        ? ""
        : missing + " acknowledged writes missing, " + wrong + " wrong, such as " + example;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
