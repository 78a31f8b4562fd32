package io.pbft.lab.catalogue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The files that come with the lab. */
public final class Resources {
  private static final String ROOT = "/io/pbft/lab/";

  private Resources() {}

  /**
   * The text of a file, such as {@code scenarios/slow-primary.traitor}.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static String read(String name) {
    String text = find(name);
    if (text == null) {
      throw new IllegalArgumentException("the lab has no " + name);
    }
    return text;
  }

  /** As {@link #read}, null if there is none. */
  static String find(String name) {
    try (InputStream in = Resources.class.getResourceAsStream(ROOT + name)) {
      return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
