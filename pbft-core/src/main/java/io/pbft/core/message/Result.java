package io.pbft.core.message;

import io.pbft.crypto.Digest;
import io.pbft.crypto.Hasher;
import java.util.Arrays;

/** The outcome of one request: a deterministic part of the replicated state. */
public final class Result {
  private static final Hasher.Domain DOMAIN = new Hasher.Domain("result");

  /** How the request ended. */
  public enum Outcome {
    /** The state machine returned {@code bytes}. */
    OK(1),
    /**
     * The state machine threw; {@code bytes} is the exception's class name, and the state machine
     * keeps its state.
     */
    FAILED(2),
    /**
     * Executed, but the cached answer is gone: beyond the session's cache, or acknowledged before.
     */
    FORGOTTEN(3),
    /** The session was evicted by newer sessions of the client. */
    SESSION_EXPIRED(4);

    private static final Outcome[] ALL = values();

    private final int code;

    Outcome(int code) {
      this.code = code;
    }

    /** The byte that stands for the outcome, never reused. */
    public int code() {
      return code;
    }

    /** The outcome with the code, or null. */
    public static Outcome ofCode(int code) {
      for (Outcome outcome : ALL) {
        if (outcome.code == code) {
          return outcome;
        }
      }
      return null;
    }
  }

  private final Outcome outcome;
  private final byte[] bytes;
  // Made when first asked for; two threads may make it twice, and the same.
  private Digest digest;

  public Result(Outcome outcome, byte[] bytes) {
    this.outcome = outcome;
    this.bytes = bytes;
  }

  public Outcome outcome() {
    return outcome;
  }

  /** The result's bytes; shared, not to be modified. */
  public byte[] bytes() {
    return bytes;
  }

  public Digest digest() {
    if (digest == null) {
      digest = DOMAIN.hasher().putByte(outcome.code()).putSized(bytes).digest();
    }
    return digest;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Result that
        && outcome == that.outcome
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return digest().hashCode();
  }

  @Override
  public String toString() {
    return outcome + "[" + bytes.length + " bytes]";
  }
}
