package io.pbft.lab.tutorial;

import io.pbft.core.spi.ExecutionContext;
import io.pbft.core.spi.SmallStateMachine;
import java.nio.charset.StandardCharsets;

/** An auction: {@code BIDDER AMOUNT} bids, and the highest bid leads; of equal ones the first. */
class Auction implements SmallStateMachine {
  private String leader = "nobody";
  private long highest;

  @Override
  public byte[] execute(byte[] operation, ExecutionContext context) {
    String[] bid = text(operation).split(" ");
    long amount = Long.parseLong(bid[1]);
    if (amount > highest) {
      leader = bid[0];
      highest = amount;
    }
    return query(operation);
  }

  @Override
  public byte[] query(byte[] operation) {
    return bytes(leader + " " + highest);
  }

  @Override
  public byte[] save() {
    return bytes(leader + " " + highest);
  }

  @Override
  public void load(byte[] state) {
    String[] saved = text(state).split(" ");
    leader = saved[0];
    highest = Long.parseLong(saved[1]);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
