package io.pbft.core.viewchange;

import io.pbft.core.Effect;
import io.pbft.core.Observation;
import io.pbft.core.Quorums;
import io.pbft.core.TimerKind;
import io.pbft.core.message.Envelope;
import io.pbft.core.message.FetchViewChange;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.NewView;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Relay;
import io.pbft.core.message.Status;
import io.pbft.core.message.ViewChange;
import io.pbft.core.runtime.Context;
import io.pbft.core.runtime.Defences;
import io.pbft.core.spi.LogRecord;
import io.pbft.core.validation.Verified;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Leaves a view, collects view-changes, builds or checks the new-view, enters it. */
public final class ViewChanger {
  /** Doublings of the view-change timeout that are counted; the cap is reached long before. */
  private static final int MAX_DOUBLINGS = 20;

  /** What the rest of the replica does for a view change. */
  public interface Host {
    /** The current view is about to be left. */
    void onLeaving(long nextView);

    /** This replica's VIEW-CHANGE for a view: h, C, P, Q as they stand. */
    ViewChange describe(long view);

    /** Whether the bodies of the choices are here; asks for those that are not. */
    boolean haveBodies(NewViewPlan plan);

    /** The view has been entered with this plan. */
    void onViewEntered(NewViewPlan plan);
  }

  private final Context context;
  private final Quorums quorums;
  private final Host host;
  private final Support[] latest;
  private final PendingNewView[] pending;
  // What was last heard of each replica's place; null before.
  private final Status[] places;
  // Of this replica's VIEW-CHANGE while it asks for a view, of the NEW-VIEW once it has entered it.
  private final Repeats repeats;
  private final int[] fetchesServed;
  private Envelope entered;
  private List<Support> enteredSupport = List.of();
  private int failures;
  // Whether a request has been executed in the view; the first has done nothing wrong so far.
  private boolean fruitful = true;

  public ViewChanger(Context context, Host host) {
    this.context = context;
    this.quorums = context.quorums();
    this.host = host;
    this.latest = new Support[quorums.n()];
    this.pending = new PendingNewView[quorums.n()];
    this.places = new Status[quorums.n()];
    this.repeats = new Repeats(quorums.n());
    this.fetchesServed = new int[quorums.n()];
  }

  /** This replica's own signed VIEW-CHANGE, or null before the first. */
  public Envelope ownViewChange() {
    return latest[context.id()] == null ? null : latest[context.id()].envelope();
  }

  /** The latest signed VIEW-CHANGE of a replica that is here, if its view is above; else null. */
  public Envelope viewChangeOf(int replica, long above) {
    Support known = latest[replica];
    return known != null && known.message().view() > above ? known.envelope() : null;
  }

  /** The view that a replica has asked for last, as far as its VIEW-CHANGEs are here; else -1. */
  public long askedBy(int replica) {
    return latest[replica] == null ? -1 : latest[replica].message().view();
  }

  /** Replicas whose VIEW-CHANGE for the asked view (or a later one) is here. */
  public List<Integer> supporters() {
    List<Integer> supporters = new ArrayList<>();
    for (int i = 0; i < latest.length; i++) {
      if (latest[i] != null && latest[i].message().view() >= context.view()) {
        supporters.add(i);
      }
    }
    return supporters;
  }

  /**
   * A request executed: the primary is good, and later view changes start with the short timeout
   * again, and so do requests: a timer that runs with a longer one is set anew. As far as that is
   * long enough: where requests wait for more than half of a timeout, with a primary that is good,
   * that one would soon run out again, and so would the view changes that follow.
   *
   * @param waitedMillis how long the oldest of the requests has waited in this view
   */
  public void onProgress(long waitedMillis) {
    fruitful = true;
    int needed = 0;
    while (needed < failures
        && context.config().requestTimeoutMillis() << needed < 2 * waitedMillis) {
      needed++;
    }
    if (needed < failures) {
      context.cancel(TimerKind.REQUEST);
      failures = needed;
    }
  }

  /**
   * How long a request may wait in the current view, in milliseconds: doubled, like the time for a
   * view change, for each view in a row in which nothing was executed (OSDI'99, section 4.5.2). A
   * network that is slower than the timeout was meant for gets there all the same.
   */
  public long requestTimeoutMillis() {
    long timeout = context.config().requestTimeoutMillis();
    long cap = Math.max(timeout, context.config().viewChangeTimeoutCapMillis());
    return Math.min(timeout << doublings(), cap);
  }

  /** Leaves the current view and asks for another. */
  public void start(long view, String cause) {
    if (!context.voting()) {
      return;
    }
    if (context.active() && !fruitful) {
      countFailure();
    }
    host.onLeaving(view);
    context.leaveViewFor(view);
    entered = null;
    context.cancel(TimerKind.REQUEST);
    context.cancel(TimerKind.VIEW_CHANGE);
    context.observe(new Observation.ViewChangeStarted(view, cause));
    ViewChange message = host.describe(view);
    Envelope envelope = context.sign(message);
    context.persist(new LogRecord.LeftView(message, envelope));
    context.emit(new Effect.Broadcast(message, envelope));
    repeats.saidToAll();
    latest[context.id()] = new Support(message, envelope);
    onSupportChanged();
  }

  /** The new view did not start in time. */
  public void onTimeout() {
    countFailure();
    start(context.view() + 1, "the new view did not start in time");
  }

  /** VIEW-CHANGE, directly or relayed. */
  public void onViewChange(Verified<ViewChange> verified) {
    ViewChange m = verified.message();
    for (PendingNewView each : pending) {
      if (each != null) {
        each.offer(new Support(m, verified.envelope()));
      }
    }
    if (m.replica() == context.id()) {
      if (!context.voting() && m.view() > context.view()) {
        standBy(verified);
      }
      tryPending();
      return;
    }
    Reason reason = ViewChangeValidator.check(context, context.view(), m);
    if (reason != null) {
      context.refuse(reason, MessageType.VIEW_CHANGE, m.replica());
      return;
    }
    if (m.view() < context.view() || (m.view() == context.view() && context.active())) {
      onStale(m);
      tryPending();
      return;
    }
    if (keepLatest(verified)) {
      onSupportChanged();
    }
    tryPending();
  }

  /**
   * What this replica asked for in a life that it has forgotten comes back from who holds it: it
   * has left that view, and would sign another message if it asked for it anew.
   */
  private void standBy(Verified<ViewChange> own) {
    context.leaveViewFor(own.message().view());
    entered = null;
    repeats.sayToAll();
    context.persist(new LogRecord.LeftView(own.message(), own.envelope()));
    latest[context.id()] = new Support(own.message(), own.envelope());
  }

  /** Whether the message is news: a repetition must not cost another decision. */
  private boolean keepLatest(Verified<ViewChange> verified) {
    ViewChange m = verified.message();
    Support known = latest[m.replica()];
    if (known != null && known.message().view() == m.view()) {
      boolean other = !known.envelope().digest().equals(verified.envelope().digest());
      if (other && !context.refuses(Reason.CONFLICTING_VIEW_CHANGE)) {
        latest[m.replica()] = new Support(m, verified.envelope());
        return true;
      }
      if (other) {
        context.refuse(Reason.CONFLICTING_VIEW_CHANGE, MessageType.VIEW_CHANGE, m.replica());
        context.observe(new Observation.Equivocation(m.replica(), m.view(), 0));
      }
    } else if (known == null || known.message().view() < m.view()) {
      latest[m.replica()] = new Support(m, verified.envelope());
      return true;
    }
    return false;
  }

  /**
   * Whoever asks for a view that has come or gone is told where this replica is, so that views meet
   * again: by the new-view of its view, or else by its own VIEW-CHANGE, which is repeated.
   */
  private void onStale(ViewChange m) {
    context.defer(Reason.WRONG_VIEW, MessageType.VIEW_CHANGE, m.replica());
    sendNewView(m.replica());
  }

  /** STATUS: a replica that is behind is sent what brings it into this view. */
  public void onStatus(Status m) {
    places[m.replica()] = m;
    if (m.view() < context.view() || (m.view() == context.view() && !m.active())) {
      sendNewView(m.replica());
    }
  }

  /** A link is there again: what was said to the replica meanwhile is lost. */
  public void onLinkUp(int replica) {
    repeats.sayAgainTo(replica);
  }

  private void sendNewView(int replica) {
    if (context.active() && entered != null && repeats.isDue(replica)) {
      repeats.saidTo(replica);
      context.send(replica, new Relay(List.of(entered), context.id()));
    }
  }

  private void onSupportChanged() {
    if (joinOthers()) {
      return;
    }
    if (context.active()) {
      return;
    }
    boolean supported =
        supporters().size() >= quorums.quorum()
            || !context.keeps(Defences.Rule.QUORUM_BEFORE_TIMER);
    if (supported && !context.isArmed(TimerKind.VIEW_CHANGE)) {
      context.arm(TimerKind.VIEW_CHANGE, timeout());
    }
    if (context.isPrimary()) {
      tryNewView();
    }
  }

  /**
   * Fast join: when {@code f+1} others ask for views above this replica's, one of them is correct;
   * it goes to the smallest of these views (OSDI'99, section 4.5.2).
   */
  private boolean joinOthers() {
    long[] above =
        Arrays.stream(latest)
            .filter(s -> s != null && s.message().view() > context.view())
            .mapToLong(s -> s.message().view())
            .toArray();
    if (above.length < quorums.weak()
        || !context.voting()
        || !context.keeps(Defences.Rule.FAST_JOIN)) {
      return false;
    }
    start(Arrays.stream(above).min().orElseThrow(), "f+1 others ask for it");
    return true;
  }

  private long timeout() {
    long doubled = context.config().viewChangeTimeoutMillis() << doublings();
    return Math.min(doubled, context.config().viewChangeTimeoutCapMillis());
  }

  private void countFailure() {
    failures = Math.min(failures + 1, MAX_DOUBLINGS);
  }

  private int doublings() {
    return context.keeps(Defences.Rule.DOUBLING) ? failures : 0;
  }

  /** As the primary of the asked view: sends the new-view once the view-changes determine it. */
  public void tryNewView() {
    if (context.active() || !context.isPrimary() || !context.voting()) {
      return;
    }
    List<Support> supports = new ArrayList<>();
    List<NewView.Support> names = new ArrayList<>();
    for (int i = 0; i < latest.length; i++) {
      if (latest[i] != null && latest[i].message().view() == context.view()) {
        supports.add(latest[i]);
        names.add(new NewView.Support(i, latest[i].envelope().digest()));
      }
    }
    NewViewPlan plan = decide(supports);
    if (plan == null || !host.haveBodies(plan)) {
      return;
    }
    NewView message =
        new NewView(
            context.view(), names, plan.start(), plan.startDigest(), plan.choices(), context.id());
    Envelope envelope = context.sign(message);
    context.persist(new LogRecord.EnteredView(message, envelope));
    context.emit(new Effect.Broadcast(message, envelope));
    enter(message, envelope, supports, plan);
  }

  private NewViewPlan decide(List<Support> supports) {
    List<ViewChange> messages = supports.stream().map(Support::message).toList();
    return NewViewPlan.decide(quorums, context.config().logWindow(), messages);
  }

  /** NEW-VIEW, directly or relayed. */
  public void onNewView(Verified<NewView> verified) {
    NewView m = verified.message();
    if (m.view() < context.view() || (m.view() == context.view() && context.active())) {
      if (entered == null || !entered.digest().equals(verified.envelope().digest())) {
        context.defer(Reason.WRONG_VIEW, MessageType.NEW_VIEW, m.replica());
      }
      return;
    }
    Reason reason = ViewChangeValidator.check(context, context.view(), m);
    if (reason != null) {
      rejectNewView(m, reason);
      return;
    }
    int place = context.keeps(Defences.Rule.NEW_VIEW_FOR_EACH_AUTHOR) ? m.replica() : 0;
    PendingNewView earlier = pending[place];
    if (earlier == null || earlier.message().view() < m.view()) {
      pending[place] = new PendingNewView(verified);
    }
    tryPending();
  }

  private Support latest(int author) {
    return latest[author];
  }

  /**
   * Checks each pending new-view once all view-changes that it names are here. There is one for
   * each author, so that nobody can keep another's out.
   */
  private void tryPending() {
    for (int author = 0; author < pending.length; author++) {
      PendingNewView each = pending[author];
      if (each == null) {
        continue;
      }
      long view = each.message().view();
      if (view < context.view() || (view == context.view() && context.active())) {
        pending[author] = null;
      } else if (each.missing(this::latest).isEmpty()) {
        pending[author] = null;
        conclude(each);
      }
    }
  }

  private void conclude(PendingNewView complete) {
    NewView m = complete.message();
    List<Support> supports = complete.supports(this::latest);
    Reason reason = checkFollows(m, supports);
    if (reason != null) {
      rejectNewView(m, reason);
      return;
    }
    context.persist(new LogRecord.EnteredView(m, complete.envelope()));
    NewViewPlan plan = new NewViewPlan(m.start(), m.startDigest(), m.choices());
    enter(m, complete.envelope(), supports, plan);
  }

  private Reason checkFollows(NewView m, List<Support> supports) {
    for (int i = 0; i < supports.size(); i++) {
      ViewChange support = supports.get(i).message();
      boolean isNamed = support.replica() == m.support().get(i).author();
      boolean follows =
          isNamed
              && support.view() == m.view()
              && ViewChangeValidator.check(context, m.view(), support) == null;
      if (!follows && context.refuses(Reason.BAD_V_SET)) {
        return Reason.BAD_V_SET;
      }
    }
    NewViewPlan claimed = new NewViewPlan(m.start(), m.startDigest(), m.choices());
    boolean follows = claimed.equals(decide(supports));
    return follows || !context.refuses(Reason.BAD_O_SET) ? null : Reason.BAD_O_SET;
  }

  /**
   * A new-view that does not follow from its view-changes: its primary is faulty, on to the next
   * view.
   */
  private void rejectNewView(NewView m, Reason reason) {
    context.refuse(reason, MessageType.NEW_VIEW, m.replica());
    boolean awaited = m.view() == context.view() && !context.active();
    if (awaited && quorums.primary(m.view()) == m.replica()) {
      countFailure();
      start(m.view() + 1, "the new-view was refused: " + reason);
    }
  }

  private void enter(NewView m, Envelope envelope, List<Support> supports, NewViewPlan plan) {
    context.cancel(TimerKind.VIEW_CHANGE);
    fruitful = false;
    entered = envelope;
    enteredSupport = supports;
    context.enterView(m.view());
    if (context.isPrimary()) {
      repeats.saidToAll();
    } else {
      repeats.sayToAll();
    }
    host.onViewEntered(plan);
  }

  /** FETCH-VIEW-CHANGE: passes the message on if it is here. */
  public void onFetch(FetchViewChange m) {
    if (m.author() >= quorums.n() && context.refuses(Reason.UNKNOWN_REPLICA)) {
      context.refuse(Reason.UNKNOWN_REPLICA, MessageType.FETCH_VIEW_CHANGE, m.replica());
      return;
    }
    Support known = latest[m.author()];
    if (known == null || !known.envelope().digest().equals(m.digest())) {
      known =
          enteredSupport.stream()
              .filter(s -> s.envelope().digest().equals(m.digest()))
              .findFirst()
              .orElse(null);
    }
    if (known == null) {
      return;
    }
    boolean tooMany = ++fetchesServed[m.replica()] > quorums.n();
    if (tooMany && context.refuses(Reason.PEER_THROTTLED)) {
      context.defer(Reason.PEER_THROTTLED, MessageType.FETCH_VIEW_CHANGE, m.replica());
      return;
    }
    context.send(m.replica(), new Relay(List.of(known.envelope()), context.id()));
  }

  /** On the status tick: repeats what may have been lost. */
  public void retransmit() {
    repeats.onTick();
    Arrays.fill(fetchesServed, 0);
    if (!context.active() && ownViewChange() != null) {
      repeatViewChange();
    }
    for (PendingNewView each : pending) {
      if (each != null && each.message().view() >= context.view() && each.isDue()) {
        fetchMissing(each);
      }
    }
  }

  private void repeatViewChange() {
    Support own = latest[context.id()];
    for (int replica = 0; replica < quorums.n(); replica++) {
      if (replica != context.id() && mayLack(replica, own) && repeats.isDue(replica)) {
        repeats.saidTo(replica);
        context.emit(new Effect.Send(replica, own.message(), own.envelope()));
      }
    }
  }

  /** Not who is in that view, or further: it will send what this replica lacks. */
  private boolean mayLack(int replica, Support own) {
    Status place = places[replica];
    long view = own.message().view();
    return place == null || place.view() < view || (place.view() == view && !place.active());
  }

  private void fetchMissing(PendingNewView each) {
    long view = each.message().view();
    for (NewView.Support name : each.missing(this::latest)) {
      context.broadcast(new FetchViewChange(view, name.author(), name.digest(), context.id()));
    }
  }

  /** After a restart: this replica had asked for a view. */
  public void restoreLeft(LogRecord.LeftView left) {
    context.restoreView(left.viewChange().view(), false);
    latest[context.id()] = new Support(left.viewChange(), left.envelope());
    entered = null;
  }

  /** After a restart: this replica had entered a view. */
  public void restoreEntered(LogRecord.EnteredView by) {
    context.restoreView(by.newView().view(), true);
    entered = by.envelope();
  }
}
