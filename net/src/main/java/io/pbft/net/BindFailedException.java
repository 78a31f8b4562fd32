package io.pbft.net;

import java.io.IOException;
import java.net.InetSocketAddress;

/** A replica can't listen on its address: in use, not of this machine, or not permitted. */
public final class BindFailedException extends IOException {
  private static final long serialVersionUID = 1L;

  private final InetSocketAddress address;

  BindFailedException(InetSocketAddress address, Throwable cause) {
    super("can't listen on " + Names.of(address) + ": " + Names.reason(cause), cause);
    this.address = address;
  }

  /** The address that was asked for. */
  public InetSocketAddress address() {
    return address;
  }
}
