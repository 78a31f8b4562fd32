package io.pbft.compare.sim;

/**
 * Asks for one operation after the other, of one node at a time; when it hears nothing, the next.
 */
public final class Client {
  private static final long RETRY_MICROS = 200_000;

  private final World world;
  private final int self;
  private int node;
  private long number;
  private long wanted;
  private boolean waiting;
  private long askedAt;
  private long lastLatency;

  Client(World world, int self, int firstNode) {
    this.world = world;
    this.self = self;
    this.node = firstNode;
  }

  /** Asks for so many further operations. */
  public void ask(int operations) {
    wanted += operations;
    if (!waiting) {
      next();
    }
  }

  /** Whether all operations are answered. */
  public boolean isDone() {
    return !waiting && number == wanted;
  }

  /** From the request to the reply, of the last operation, in microseconds. */
  public long lastLatencyMicros() {
    return lastLatency;
  }

  private void next() {
    if (number == wanted) {
      return;
    }
    number++;
    waiting = true;
    askedAt = world.now();
    send();
  }

  private void send() {
    long asked = number;
    int askedNode = node;
    world.send(self, node, new Message.Request(new Command(self, number)));
    world
        .queue()
        .in(
            RETRY_MICROS,
            () -> {
              if (waiting && number == asked && node == askedNode) {
                node = (node + 1) % world.nodes();
                send();
              }
            });
  }

  void receive(Message message) {
    if (message instanceof Message.Reply reply) {
      if (waiting && reply.asked().number() == number) {
        world.onReply(reply);
        lastLatency = world.now() - askedAt;
        waiting = false;
        next();
      }
    } else if (message instanceof Message.Redirect redirect) {
      if (waiting && redirect.asked().number() == number && redirect.leader() != node) {
        node = redirect.leader();
        send();
      }
    }
  }
}
