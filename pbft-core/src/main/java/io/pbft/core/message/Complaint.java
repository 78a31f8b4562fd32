package io.pbft.core.message;

/**
 * Why a replica would leave its view. It says so in its {@link Status} and stays: what it finds may
 * be its own network's fault. {@code f+1} that have the same complaint leave together.
 */
public enum Complaint {
  NONE(0),
  /** A proposal has waited in vain for others to vouch for requests that can't be checked here. */
  UNVOUCHED(1),
  /** Requests wait, and the link with the primary is lost. */
  PRIMARY_LOST(2),
  /** A request has waited for longer than the request timeout, or all wait for long. */
  PRIMARY_LATE(3);

  private final int code;

  Complaint(int code) {
    this.code = code;
  }

  /** The byte that stands for the complaint, never reused. */
  public int code() {
    return code;
  }

  /** The view for which who has this complaint would leave its {@code view}, of {@code n}. */
  public long nextView(long view, int n) {
    return switch (this) {
      case NONE -> view;
      case UNVOUCHED -> view + n;
      case PRIMARY_LOST, PRIMARY_LATE -> view + 1;
    };
  }

  /** Whether who has this complaint would leave its view for the same as who has the other. */
  public boolean isLike(Complaint other) {
    return this == other || (isAboutPrimary() && other.isAboutPrimary());
  }

  private boolean isAboutPrimary() {
    return this == PRIMARY_LOST || this == PRIMARY_LATE;
  }

  /** The complaint with the code, or null. */
  public static Complaint ofCode(int code) {
    for (Complaint complaint : values()) {
      if (complaint.code == code) {
        return complaint;
      }
    }
    return null;
  }
}
