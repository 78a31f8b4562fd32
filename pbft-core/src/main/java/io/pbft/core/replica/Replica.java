package io.pbft.core.replica;

import io.pbft.core.CoreStatus;
import io.pbft.core.Effect;
import io.pbft.core.Event;
import io.pbft.core.Observation;
import io.pbft.core.ProtocolConfig;
import io.pbft.core.ReplicaCore;
import io.pbft.core.checkpoint.Checkpoints;
import io.pbft.core.execution.ClientTable;
import io.pbft.core.execution.Execution;
import io.pbft.core.execution.Reads;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Batch;
import io.pbft.core.message.Busy;
import io.pbft.core.message.Complaint;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.ReadRequest;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Request;
import io.pbft.core.message.RequestMessage;
import io.pbft.core.message.ViewChange;
import io.pbft.core.normal.MessageLog;
import io.pbft.core.normal.Ordering;
import io.pbft.core.normal.PrePrepareValidator;
import io.pbft.core.normal.PrimaryWatch;
import io.pbft.core.normal.RequestPool;
import io.pbft.core.normal.Slot;
import io.pbft.core.normal.Vouching;
import io.pbft.core.runtime.Context;
import io.pbft.core.runtime.Defences;
import io.pbft.core.spi.Recovered;
import io.pbft.core.transfer.StateTransfer;
import io.pbft.core.transfer.StatusExchange;
import io.pbft.core.validation.Sealer;
import io.pbft.core.validation.Verified;
import io.pbft.core.viewchange.NewViewPlan;
import io.pbft.core.viewchange.ViewChanger;
import io.pbft.crypto.Digest;
import io.pbft.crypto.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One PBFT replica as a pure state machine. Each part (ordering, execution, checkpoints, view
 * change, catching up) knows its own rules; this class carries what one has found out to the
 * others.
 */
public final class Replica implements ReplicaCore {
  private static final int MAX_FORWARDED = 256;

  private final Context context;
  private final MessageLog log;
  private final ClientTable table;
  private final RequestPool pool;
  private final Ordering ordering;
  private final Vouching vouching;
  private final Execution execution;
  private final Reads reads;
  private final Checkpoints checkpoints;
  private final ViewChanger viewChanger;
  private final StatusExchange exchange;
  private final CatchUp catchUp;
  private final Amnesia amnesia;
  private final BigMacDefence bigMac;
  private final PrimaryWatch watch;
  private final LostPrimary lostPrimary;
  private final LatePrimary latePrimary;
  private final Promises promises;

  /**
   * @param id of this replica, from 0 to n-1
   * @param signer signs view-changes, new-views and checkpoints; a pure function of the message
   */
  public Replica(int id, ProtocolConfig config, Sealer signer) {
    this(id, config, signer, Defences.ALL);
  }

  /** For tests: a replica some of whose defences may be down. */
  public Replica(int id, ProtocolConfig config, Sealer signer, Defences defences) {
    context = new Context(id, config, signer::seal, defences);
    log = new MessageLog(config);
    table = new ClientTable(config.sessionsPerClient(), config.clientWindow(), config.limits());
    pool = new RequestPool(context, table);
    ordering =
        new Ordering(
            context, log, pool, new PrePrepareValidator(context, log, table), new Decisions());
    vouching = new Vouching(context, log);
    execution = new Execution(context, log::decidedBatch, table, new Executions());
    reads = new Reads(context);
    checkpoints = new Checkpoints(context, new CheckpointNews());
    catchUp = new CatchUp(context, log, execution, checkpoints, this::saySoAtOnce);
    viewChanger = new ViewChanger(context, new ViewChangeHost());
    exchange = new StatusExchange(context, log, ordering, checkpoints, viewChanger, new Arrivals());
    amnesia = new Amnesia(context);
    bigMac = new BigMacDefence(context, vouching, viewChanger, pool, exchange);
    watch = new PrimaryWatch(context, log, pool);
    lostPrimary = new LostPrimary(context, viewChanger, pool, exchange);
    latePrimary = new LatePrimary(context, viewChanger, pool, watch, exchange, this::saySoAtOnce);
    promises = new Promises(context, viewChanger);
  }

  @Override
  public List<Effect> step(Event event) {
    context.begin(event.at());
    if (event instanceof Event.Delivered delivered) {
      onDelivered(delivered.message());
    } else if (event instanceof Event.Executed executed) {
      execution.onExecuted(executed.sequence(), executed.results());
      execution.tryExecute();
      catchUp.tryInstall();
    } else if (event instanceof Event.TimerFired fired) {
      onTimer(fired);
    } else if (event instanceof Event.LinkChanged changed) {
      onLinkChanged(changed.replica(), changed.up());
    } else if (event instanceof Event.SnapshotTaken taken) {
      checkpoints.onSnapshotTaken(taken.sequence(), taken.digest());
    } else if (event instanceof Event.ChunksMissing sought) {
      catchUp.transfer().onMissing(sought.attempt(), sought.missing());
    } else if (event instanceof Event.SnapshotInstalled installed) {
      onInstalled(installed.sequence(), installed.meta());
    } else if (event instanceof Event.Started started) {
      onStarted(started.recovered());
    }
    return context.effects();
  }

  private void onStarted(Recovered recovered) {
    restoreTable(recovered.snapshotSequence(), recovered.snapshotMeta());
    Recovery recovery = new Recovery(log, ordering, checkpoints, viewChanger);
    ViewChange.Held lacking = recovery.replay(recovered);
    if (recovered.isAmnesiac()) {
      amnesia.begin();
    }
    ordering.resume();
    watch.onViewEntered(Math.max(ordering.lastChosen(), execution.lastExecuted()));
    exchange.tick(execution.lastExecuted(), amnesia.nonce());
    catchUp.onStarted(lacking);
    latePrimary.watchOldest();
  }

  /** The digest of a checkpoint covers the table: no correct replica vouches for a broken one. */
  private void restoreTable(long sequence, byte[] encoded) {
    if (!table.restore(encoded)) {
      throw new IllegalStateException("the state of " + sequence + " has no client table");
    }
    execution.resumeAt(sequence);
  }

  private void onLinkChanged(int replica, boolean up) {
    lostPrimary.onLinkChanged(replica, up);
    if (up) {
      viewChanger.onLinkUp(replica);
    }
  }

  private void onDelivered(Verified<?> verified) {
    Dispatch.deliver(verified, new Inbox(), context);
    latePrimary.onDelivered();
    promises.considerLeaving();
    latePrimary.watchOldest();
  }

  // Requests

  private void onRequest(RequestMessage m, Principal sender) {
    Request request = m.request();
    ClientTable.Standing standing = table.standing(request);
    if (sender.kind() == Principal.Kind.CLIENT
        && (standing == ClientTable.Standing.EXECUTED || pool.has(m.body()))) {
      context.observe(new Observation.Repeated(request.client()));
    }
    switch (standing) {
      case EXECUTED -> execution.resendReply(request, m.fullReplies());
      case EXPIRED -> execution.replyExpired(request);
      default -> onNewRequest(m.body(), sender);
    }
  }

  private void onNewRequest(AuthenticatedRequest body, Principal sender) {
    boolean direct = sender.kind() == Principal.Kind.CLIENT;
    RequestPool.Source source = direct ? RequestPool.Source.CLIENT : RequestPool.Source.REPLICA;
    boolean mustSign = bigMac.refuses(body);
    Reason reason = mustSign ? Reason.BAD_CLIENT_AUTH : pool.add(body, body.isSigned(), source);
    if (reason != null) {
      context.refuse(reason, MessageType.REQUEST, direct ? -1 : sender.id());
      if (direct && (mustSign || reason == Reason.CLIENT_THROTTLED)) {
        answerBusy(body.request(), mustSign);
      }
      return;
    }
    if (direct && context.active() && !context.isPrimary()) {
      forward(body);
    }
    ordering.propose(execution.lastHandled());
  }

  private void answerBusy(Request refused, boolean mustSign) {
    long room = mustSign ? 0 : pool.room(refused);
    Busy busy = new Busy(refused.session(), refused.timestamp(), mustSign, room, context.id());
    context.emit(new Effect.Answer(refused.client(), refused.session(), busy));
  }

  private void forward(AuthenticatedRequest body) {
    context.emit(new Effect.Send(context.primary(), new RequestMessage(body, false)));
  }

  // Timers

  private void onTimer(Event.TimerFired fired) {
    if (!context.takeFired(fired.kind(), fired.generation())) {
      return;
    }
    switch (fired.kind()) {
      case REQUEST -> latePrimary.onTimer(this::forward);
      case VIEW_CHANGE -> viewChanger.onTimeout();
      case STATUS -> onStatusTimer();
      case FETCH -> catchUp.transfer().onTimeout();
      case COMMIT -> ordering.onCommitTimer();
    }
  }

  private void saySoAtOnce() {
    exchange.ask(execution.lastExecuted(), amnesia.nonce());
  }

  private void onStatusTimer() {
    viewChanger.retransmit();
    catchUp.onTick();
    exchange.tick(execution.lastExecuted(), amnesia.nonce());
    bigMac.onTick();
    pool.dropStuck();
    lostPrimary.considerLeaving();
    latePrimary.considerLeaving();
  }

  // Execution

  private void onBatchExecuted(long sequence, Batch batch) {
    long waited = pool.oldest() == null ? 0 : context.now() - pool.oldestSince();
    pool.onExecuted(batch);
    watch.onExecuted(sequence);
    if (!batch.isNull()) {
      ordering.onFilled(sequence);
      viewChanger.onProgress(waited);
    }
    if (sequence % context.config().checkpointInterval() == 0) {
      checkpoints.onSnapshotRequested(sequence);
      context.emit(new Effect.TakeSnapshot(sequence, table.encode()));
    }
    reads.onExecuted(batch);
    reads.onProgress(sequence);
    catchUp.onExecuted();
    ordering.propose(sequence);
    if (sequence == exchange.claimedUpTo()) {
      catchUp.askOn();
    }
    latePrimary.watchOldest();
  }

  // Catching up

  private void onInstalled(long sequence, byte[] meta) {
    Digest digest = catchUp.onInstalled();
    restoreTable(sequence, meta);
    ordering.skipTo(sequence);
    watch.skipTo(sequence);
    pool.onStateInstalled(chosenToExecute());
    checkpoints.onInstalled(sequence, digest);
    catchUp.goOnFrom(sequence);
    reads.onProgress(sequence);
    execution.tryExecute();
    ordering.propose(execution.lastHandled());
    exchange.tick(execution.lastExecuted(), amnesia.nonce());
  }

  /** Those that have been executed say nothing of requests that were out of order in them. */
  private List<Batch> chosenToExecute() {
    return ordering.chosenBatches(execution.lastExecuted());
  }

  private void onStable(long sequence) {
    watch.onWindowMoves(execution.lastExecuted());
    log.advanceLow(sequence);
    ordering.onWindowMoved();
    context.emit(new Effect.Discard(sequence));
    amnesia.onStable(sequence);
    ordering.propose(execution.lastHandled());
    catchUp.askOn();
  }

  /** Sequence numbers held in the log: {@link CoreStatus#logSize} without the rest. */
  public int logSize() {
    return log.size();
  }

  /** What the log's batches take in memory, about, in bytes. */
  public long logBytes() {
    return log.bytes();
  }

  @Override
  public CoreStatus status() {
    return new CoreStatus(
        context.view(),
        context.active(),
        context.primary(),
        execution.lastExecuted(),
        checkpoints.stable(),
        log.size(),
        checkpoints.divergences(),
        checkpoints.divergedAt() > 0
            ? Diagnosis.diverged(checkpoints.divergedAt(), catchUp.transfer())
            : Diagnosis.waitingFor(
                context,
                viewChanger,
                catchUp.transfer(),
                amnesia,
                pool,
                log,
                execution.lastExecuted()));
  }

  /** Messages by type, as {@link Dispatch} hands them out. */
  private final class Inbox implements Dispatch.Handler {
    @Override
    public Ordering ordering() {
      return ordering;
    }

    @Override
    public Checkpoints checkpoints() {
      return checkpoints;
    }

    @Override
    public ViewChanger viewChanger() {
      return viewChanger;
    }

    @Override
    public StatusExchange exchange() {
      return exchange;
    }

    @Override
    public StateTransfer transfer() {
      return catchUp.transfer();
    }

    @Override
    public void onRead(ReadRequest message) {
      reads.onRead(
          message, execution.lastExecuted(), ordering.highestPrepared(), execution.isTentative());
      if (reads.isWaiting()) {
        // Those who wait are served when what has been executed is committed.
        ordering.sayCommit();
      }
    }

    @Override
    public void onRequest(RequestMessage message, Principal sender) {
      Replica.this.onRequest(message, sender);
    }

    @Override
    public void onStatus(io.pbft.core.message.Status status) {
      promises.onStatus(status);
      exchange.onStatus(status, execution.lastExecuted());
      if (status.nonce() != 0 && status.nonce() != amnesia.nonce()) {
        exchange.answer(status, execution.lastExecuted());
      }
      amnesia.onStatus(status);
      bigMac.considerLeaving();
      lostPrimary.considerLeaving();
    }
  }

  private final class Executions implements Execution.Listener {
    @Override
    public void onBatchExecuted(long sequence, Batch batch) {
      Replica.this.onBatchExecuted(sequence, batch);
    }

    @Override
    public void onTentativelyExecuted() {
      ordering.propose(execution.lastHandled());
    }

    @Override
    public boolean isAcknowledged(Request request) {
      return pool.isAcknowledged(request);
    }

    @Override
    public void onUndone(long sequence) {
      context.observe(new Observation.Undone(sequence));
      catchUp.onUndone();
    }
  }

  private final class Decisions implements Ordering.Listener {
    /**
     * A checkpoint's batch is executed when it is decided, so that the snapshot is of nothing else;
     * a state that may have to be taken back needs an earlier one to go back to.
     */
    @Override
    public boolean onPreparedAlone(Slot slot) {
      boolean may =
          context.config().tentativeExecution()
              && slot.sequence() % context.config().checkpointInterval() != 0
              && checkpoints.stable() > 0
              && !catchUp.transfer().isActive()
              && !reads.isWaiting()
              && execution.executeTentatively(slot.sequence(), slot.acceptedBody());
      if (may) {
        noteDelay(slot);
        slot.setAcceptedAt(0);
      }
      return may;
    }

    @Override
    public void onCommittedLocal(Slot slot) {
      noteDelay(slot);
      execution.tryExecute();
    }

    private void noteDelay(Slot slot) {
      if (slot.acceptedAt() > 0 && !context.isPrimary()) {
        watch.onCommitted(context.now() - slot.acceptedAt());
      }
    }

    @Override
    public void onProposal(Slot slot) {
      watch.onAccepted(execution.lastExecuted());
    }

    @Override
    public void onBodyMissing(Slot slot, Digest digest) {
      exchange.want(slot.sequence(), digest);
    }

    @Override
    public void onUnverifiable(Set<Integer> clients) {
      bigMac.onUnverifiable(clients);
    }
  }

  private final class Arrivals implements StatusExchange.Listener {
    @Override
    public void onDecidedByClaims(Slot slot) {
      execution.tryExecute();
    }

    @Override
    public Complaint complaint() {
      return promises.said(complaintNow());
    }

    private Complaint complaintNow() {
      if (latePrimary.complains()) {
        // First: where a stalled slot has not been resolved by then, the primary has to go.
        return Complaint.PRIMARY_LATE;
      }
      if (vouching.isOverdue()) {
        return Complaint.UNVOUCHED;
      }
      return lostPrimary.complains() ? Complaint.PRIMARY_LOST : Complaint.NONE;
    }

    @Override
    public void onBodyArrived(Slot slot) {
      ordering.advance(slot);
      execution.tryExecute();
      viewChanger.tryNewView();
    }
  }

  private final class CheckpointNews implements Checkpoints.Listener {
    @Override
    public void onStable(long sequence) {
      Replica.this.onStable(sequence);
    }

    @Override
    public void onAhead(long sequence, Digest digest, boolean certified) {
      catchUp.onAhead(new ViewChange.Held(sequence, digest), certified);
    }

    @Override
    public void onDiverged(long sequence, Digest certified) {
      catchUp.onDiverged(new ViewChange.Held(sequence, certified));
    }
  }

  private final class ViewChangeHost implements ViewChanger.Host {
    @Override
    public void onLeaving(long nextView) {
      bigMac.onLeaving(nextView);
    }

    @Override
    public ViewChange describe(long view) {
      List<ViewChange.Entry> prepared = new ArrayList<>();
      List<ViewChange.Entry> prePrepared = new ArrayList<>();
      log.forEach(
          slot -> {
            if (slot.preparedEntry() != null) {
              prepared.add(slot.preparedEntry());
            }
            slot.prePreparedEntries().stream()
                .sorted(java.util.Comparator.comparing(ViewChange.Entry::digest))
                .forEach(prePrepared::add);
          });
      return new ViewChange(
          view, checkpoints.stable(), checkpoints.held(), prepared, prePrepared, context.id());
    }

    @Override
    public boolean haveBodies(NewViewPlan plan) {
      boolean complete = true;
      for (int i = 0; i < plan.choices().size(); i++) {
        long sequence = plan.start() + 1 + i;
        if (log.inWindow(sequence) && log.slot(sequence).body(plan.choices().get(i)) == null) {
          exchange.want(sequence, plan.choices().get(i));
          complete = false;
        }
      }
      return complete;
    }

    @Override
    public void onViewEntered(NewViewPlan plan) {
      catchUp.adoptStart(plan);
      reads.onNewView();
      execution.onViewEntered(plan::choice);
      watch.onViewEntered(plan.start() + plan.choices().size());
      ordering.onViewEntered(plan.start(), plan.choices());
      pool.onNewView(chosenToExecute());
      pool.forEachWaiting(
          MAX_FORWARDED,
          request -> {
            if (!context.isPrimary()) {
              forward(request);
            }
          });
      execution.tryExecute();
      ordering.propose(execution.lastHandled());
      latePrimary.watchOldest();
    }
  }
}
