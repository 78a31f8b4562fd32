package io.pbft.core.message;

/** A request with its client's authentication, as it travels in REQUEST messages and in batches. */
public record AuthenticatedRequest(Request request, RequestAuthenticator authenticator) {
  public boolean isSigned() {
    return authenticator instanceof RequestAuthenticator.Signature;
  }

  /** Whether the signature is one over several requests. */
  public boolean isSignedInTree() {
    return authenticator instanceof RequestAuthenticator.Signature s && s.depth() > 0;
  }
}
