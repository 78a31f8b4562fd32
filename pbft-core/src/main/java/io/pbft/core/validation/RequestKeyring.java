package io.pbft.core.validation;

import io.pbft.crypto.Authenticator;
import io.pbft.crypto.MacKey;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The keys that this replica shares with client sessions, for its entry of their MAC vectors. Holds
 * the newest two keys of each session (a request may be on its way while the client reconnects) and
 * the most recent {@value #MAX_SESSIONS} sessions. Thread safe.
 */
public final class RequestKeyring {
  private static final int MAX_SESSIONS = 65_536;

  /** What a key says of an entry. */
  public enum Verdict {
    AUTHENTIC,
    /** The named key is known and the tag is wrong. */
    FORGED,
    /** The named key is not, or no longer, known here. */
    UNKNOWN_KEY
  }

  private record SessionId(int client, long session) {}

  private static final class Keys {
    private MacKey current;
    private Authenticator currentAuthenticator;
    private MacKey previous;
    private Authenticator previousAuthenticator;
  }

  private final Map<SessionId, Keys> sessions =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<SessionId, Keys> eldest) {
          return size() > MAX_SESSIONS;
        }
      };

  /** A session has connected and agreed on a key. */
  public synchronized void put(int client, long session, MacKey key) {
    Keys keys = sessions.computeIfAbsent(new SessionId(client, session), id -> new Keys());
    keys.previous = keys.current;
    keys.previousAuthenticator = keys.currentAuthenticator;
    keys.current = key;
    keys.currentAuthenticator = key.newAuthenticator();
  }

  synchronized Verdict verify(
      int client, long session, int keyId, byte[] input, byte[] tags, int offset) {
    Keys keys = sessions.get(new SessionId(client, session));
    if (keys == null) {
      return Verdict.UNKNOWN_KEY;
    }
    if (keys.current.id() == keyId) {
      return verdict(keys.currentAuthenticator, input, tags, offset);
    }
    if (keys.previous != null && keys.previous.id() == keyId) {
      return verdict(keys.previousAuthenticator, input, tags, offset);
    }
    return Verdict.UNKNOWN_KEY;
  }

  private static Verdict verdict(Authenticator key, byte[] input, byte[] tags, int offset) {
    return key.update(input).verify(tags, offset) ? Verdict.AUTHENTIC : Verdict.FORGED;
  }
}
