package io.pbft.crypto;

import java.io.IOException;

/**
 * A private key file that can't be used. The message is one line that names the file and the mend,
 * fit to be shown to an operator; it never contains any of the file's content.
 */
public final class KeyFileException extends IOException {
  KeyFileException(String message) {
    super(message);
  }

  KeyFileException(String message, IOException cause) {
    super(message, cause);
  }
}
