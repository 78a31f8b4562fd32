package io.pbft.node;

/**
 * Something that an operator set up wrongly. The message is one line, fit to be shown as it is: it
 * names the file, the line or field, and the mend. It never holds a private key.
 */
public final class ConfigException extends Exception {
  public ConfigException(String message) {
    super(message);
  }

  public ConfigException(String message, Throwable cause) {
    super(message, cause);
  }
}
