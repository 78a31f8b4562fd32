package io.pbft.lab.report;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A headless Chromium with one page, driven through its DevTools protocol. Answers are looked into
 * by pattern only, so that no JSON parser is needed: scripts return strings.
 */
final class Browser implements AutoCloseable {
  /** What the page is told of its reader. */
  enum Look {
    LIGHT,
    DARK,
    PRINT
  }

  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
  private static final long SECONDS = 60;

  private final Process process;
  private final Path profile;
  private final WebSocket socket;
  private final AtomicInteger numbers = new AtomicInteger();
  private final Map<Integer, CompletableFuture<String>> answers = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<String>> events = new ConcurrentHashMap<>();
  private final List<String> errors = new CopyOnWriteArrayList<>();

  private Browser(Process process, Path profile, URI page) {
    this.process = process;
    this.profile = profile;
    this.socket =
        HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(page, new Ears()).join();
  }

  /** Where a browser is installed, or null. */
  static Path find() {
    for (String directory : System.getenv().getOrDefault("PATH", "").split(":")) {
      for (String name : NAMES) {
        Path file = Path.of(directory, name);
        if (Files.isExecutable(file)) {
          return file;
        }
      }
    }
    return null;
  }

  /** Starts a browser with an empty page. */
  static Browser start(Path binary) throws Exception {
    Path profile = Files.createTempDirectory("lab-browser");
    List<String> command = new ArrayList<>(List.of(binary.toString(), "--headless=new"));
    command.addAll(List.of("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"));
    command.addAll(List.of("--hide-scrollbars", "--no-first-run", "--remote-debugging-port=0"));
    command.addAll(List.of("--user-data-dir=" + profile, "about:blank"));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("log").toFile())
            .start();
    URI page = page(process, profile);
    Browser browser = new Browser(process, profile, page);
    browser.call("Runtime.enable", "{}");
    browser.call("Page.enable", "{}");
    return browser;
  }

  /** The browser writes its port down when it listens. */
  private static URI page(Process process, Path profile) throws Exception {
    Path file = profile.resolve("DevToolsActivePort");
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (!Files.exists(file) || Files.readString(file).lines().count() < 2) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        process.destroyForcibly();
        throw new IOException("no browser: " + Files.readString(profile.resolve("log")));
      }
      process.waitFor(20, TimeUnit.MILLISECONDS);
    }
    String port = Files.readString(file).lines().findFirst().orElseThrow();
    String list =
        new String(
            URI.create("http://127.0.0.1:" + port + "/json/list")
                .toURL()
                .openStream()
                .readAllBytes(),
            StandardCharsets.UTF_8);
    Matcher matcher =
        Pattern.compile("\"webSocketDebuggerUrl\": \"(ws://[^\"]+/page/[^\"]+)\"").matcher(list);
    if (!matcher.find()) {
      throw new IOException("no page: " + list);
    }
    return URI.create(matcher.group(1));
  }

  /** Joins the pieces of messages. */
  private final class Ears implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        hear(text.toString());
        text.setLength(0);
      }
      from.request(1);
      return null;
    }
  }

  private void hear(String message) {
    Matcher answer = Pattern.compile("^\\{\"id\":(\\d+),").matcher(message);
    if (answer.find()) {
      answers.remove(Integer.parseInt(answer.group(1))).complete(message);
      return;
    }
    if (message.contains("\"Runtime.exceptionThrown\"") || message.contains("\"type\":\"error\"")) {
      errors.add(message);
    }
    events.forEach(
        (name, waits) -> {
          if (message.contains("\"" + name + "\"")) {
            waits.complete(message);
          }
        });
  }

  private String call(String method, String params) {
    int number = numbers.incrementAndGet();
    CompletableFuture<String> answer = new CompletableFuture<>();
    answers.put(number, answer);
    socket
        .sendText(
            "{\"id\":" + number + ",\"method\":\"" + method + "\",\"params\":" + params + "}", true)
        .join();
    return answer.orTimeout(SECONDS, TimeUnit.SECONDS).join();
  }

  /** Opens a file in a window of this size, and waits until it has loaded. */
  void open(Path file, int width, int height, Look look) {
    call(
        "Emulation.setDeviceMetricsOverride",
        "{\"width\":"
            + width
            + ",\"height\":"
            + height
            + ",\"deviceScaleFactor\":1,\"mobile\":false}");
    call(
        "Emulation.setEmulatedMedia",
        "{\"media\":\""
            + (look == Look.PRINT ? "print" : "")
            + "\",\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\""
            + (look == Look.DARK ? "dark" : "light")
            + "\"}]}");
    CompletableFuture<String> loaded = new CompletableFuture<>();
    events.put("Page.loadEventFired", loaded);
    call("Page.navigate", "{\"url\":\"" + file.toUri() + "\"}");
    loaded.orTimeout(SECONDS, TimeUnit.SECONDS).join();
    events.clear();
  }

  /**
   * The string that a script returns.
   *
   * @throws AssertionError if the script fails
   */
  String eval(String script) {
    String params =
        "{\"returnByValue\":true,\"awaitPromise\":true,\"expression\":" + Json.of(script);
    String answer = call("Runtime.evaluate", params + "}");
    Matcher value =
        Pattern.compile("\"type\":\"string\",\"value\":\"((?:[^\"\\\\]|\\\\.)*+)\"")
            .matcher(answer);
    if (answer.contains("exceptionDetails") || !value.find()) {
      throw new AssertionError(script + "\nanswers " + answer);
    }
    return unescape(value.group(1));
  }

  private static String unescape(String json) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (c != '\\') {
        out.append(c);
        continue;
      }
      char next = json.charAt(++i);
      if (next == 'u') {
        out.append((char) Integer.parseInt(json.substring(i + 1, i + 5), 16));
        i += 4;
      } else {
        out.append(next == 'n' ? '\n' : next == 't' ? '\t' : next);
      }
    }
    return out.toString();
  }

  /** What went wrong in the page's scripts since the start. */
  List<String> errors() {
    return errors;
  }

  /** A picture of a part of the page; {@code scale} device pixels a pixel. */
  void picture(Path file, String selector, double scale) throws IOException {
    String box =
        eval(
            "(function(){var b=document.querySelector("
                + Json.of(selector).replace('"', '\'')
                + ").getBoundingClientRect();return '{\"x\":'+Math.max(0,b.x-12)+',\"y\":'+(b.y+scrollY-8)"
                + "+',\"width\":'+(b.width+24)+',\"height\":'+(b.height+16)+',\"scale\":"
                + scale
                + "}'})()");
    String answer =
        call("Page.captureScreenshot", "{\"captureBeyondViewport\":true,\"clip\":" + box + "}");
    Matcher data = Pattern.compile("\"data\":\"([A-Za-z0-9+/=]*+)\"").matcher(answer);
    if (!data.find()) {
      throw new IOException(answer.substring(0, Math.min(400, answer.length())));
    }
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.write(file, Base64.getDecoder().decode(data.group(1)));
  }

  @Override
  public void close() throws Exception {
    socket.abort();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    try (var files = Files.walk(profile)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
    }
  }
}
