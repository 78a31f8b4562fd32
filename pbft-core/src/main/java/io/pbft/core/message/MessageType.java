package io.pbft.core.message;

/**
 * Tag of a message on the wire; inside what is authenticated, so that one type never passes for
 * another.
 */
public enum MessageType {
  REQUEST(1, Origin.ANY),
  PRE_PREPARE(2, Origin.REPLICA),
  PREPARE(3, Origin.REPLICA),
  COMMIT(4, Origin.REPLICA),
  REPLY(5, Origin.REPLICA),
  CHECKPOINT(6, Origin.REPLICA),
  VIEW_CHANGE(7, Origin.REPLICA),
  NEW_VIEW(8, Origin.REPLICA),
  STATUS(9, Origin.REPLICA),
  FETCH_BATCH(10, Origin.REPLICA),
  BATCH_BODY(11, Origin.REPLICA),
  COMMITTED(12, Origin.REPLICA),
  FETCH_VIEW_CHANGE(13, Origin.REPLICA),
  RELAY(14, Origin.REPLICA),
  FETCH_CHUNKS(17, Origin.REPLICA),
  CHUNKS(18, Origin.REPLICA),
  READ_REQUEST(19, Origin.CLIENT),
  READ_REPLY(20, Origin.REPLICA),
  STATUS_QUERY(21, Origin.CLIENT),
  STATUS_REPORT(22, Origin.REPLICA),
  BUSY(23, Origin.REPLICA);

  /** Which kind of principal may author the type. */
  public enum Origin {
    REPLICA,
    CLIENT,
    /** Authored by a client, carried by either. */
    ANY
  }

  private static final MessageType[] BY_TAG = new MessageType[32];

  static {
    for (MessageType type : values()) {
      BY_TAG[type.tag] = type;
    }
  }

  private final int tag;
  private final Origin origin;

  MessageType(int tag, Origin origin) {
    this.tag = tag;
    this.origin = origin;
  }

  public int tag() {
    return tag;
  }

  public Origin origin() {
    return origin;
  }

  /**
   * True for the types that are signed in every authentication mode (TOCS, section 4.5: proofs to
   * third parties).
   */
  public boolean alwaysSigned() {
    return this == CHECKPOINT || this == VIEW_CHANGE || this == NEW_VIEW;
  }

  /** The type of a tag, or null when there is none. */
  public static MessageType ofTag(int tag) {
    return tag < 0 || tag >= BY_TAG.length ? null : BY_TAG[tag];
  }
}
