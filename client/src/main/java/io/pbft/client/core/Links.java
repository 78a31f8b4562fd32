package io.pbft.client.core;

/** Which replicas have a link at the moment. */
final class Links {
  private final boolean[] connected;
  private final boolean[] lost;
  private int count;

  Links(int n) {
    connected = new boolean[n];
    lost = new boolean[n];
  }

  void connect(int replica) {
    if (!connected[replica]) {
      connected[replica] = true;
      count++;
    }
  }

  void disconnect(int replica) {
    if (connected[replica]) {
      connected[replica] = false;
      lost[replica] = true;
      count--;
    }
  }

  boolean isConnected(int replica) {
    return connected[replica];
  }

  /** The replica was connected once and is not now; one never connected may just be late. */
  boolean isLost(int replica) {
    return lost[replica] && !connected[replica];
  }

  int count() {
    return count;
  }

  int n() {
    return connected.length;
  }
}
