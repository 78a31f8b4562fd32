package io.pbft.core.message;

/**
 * REQUEST, from its client or forwarded by a replica.
 *
 * @param fullReplies ask every replica for its full result, because the designated one did not
 *     deliver
 */
public record RequestMessage(AuthenticatedRequest body, boolean fullReplies) implements Message {
  @Override
  public MessageType type() {
    return MessageType.REQUEST;
  }

  public Request request() {
    return body.request();
  }
}
