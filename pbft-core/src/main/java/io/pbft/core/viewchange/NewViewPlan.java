package io.pbft.core.viewchange;

import io.pbft.core.Quorums;
import io.pbft.core.message.Batch;
import io.pbft.core.message.ViewChange;
import io.pbft.crypto.Digest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * What a new view starts from, as a function of a set of view-change messages alone (TOCS, figure
 * 4): the new primary builds its NEW-VIEW with it, and backups check that NEW-VIEW with it.
 *
 * @param start sequence number of the start checkpoint
 * @param startDigest its state digest
 * @param choices the digest for {@code start + 1 + k}; the null batch's where nothing can have
 *     committed. Ends with the last that prepared somewhere, be it a null batch that an earlier
 *     new-view chose: that one may have committed, so its sequence number is not free.
 */
public record NewViewPlan(long start, Digest startDigest, List<Digest> choices) {
  private static final Comparator<ViewChange.Entry> BY_SEQUENCE =
      Comparator.comparingLong(ViewChange.Entry::sequence);
  private static final Comparator<ViewChange.Entry> BY_SEQUENCE_AND_DIGEST =
      BY_SEQUENCE.thenComparing(ViewChange.Entry::digest);

  /**
   * Decides.
   *
   * @param messages view-changes for one view by distinct replicas
   * @return the plan, or null while the messages do not determine one: more are needed
   */
  public static NewViewPlan decide(Quorums quorums, int window, Collection<ViewChange> messages) {
    if (messages.size() < quorums.quorum()) {
      return null;
    }
    ViewChange.Held start = startCheckpoint(quorums, messages);
    if (start == null) {
      return null;
    }
    long last = lastPrepared(start.sequence(), window, messages);
    List<Digest> choices = new ArrayList<>();
    int used = 0;
    for (long s = start.sequence() + 1; s <= last; s++) {
      Digest choice = choosePrepared(quorums, s, messages);
      if (choice == null && !holdsB(quorums, s, messages)) {
        return null;
      }
      choices.add(choice == null ? Batch.NULL.digest() : choice);
      used = choice == null ? used : choices.size();
    }
    return new NewViewPlan(start.sequence(), start.digest(), List.copyOf(choices.subList(0, used)));
  }

  /** The digest chosen for a sequence number, or null where it is not one of the choices. */
  public Digest choice(long sequence) {
    long index = sequence - start - 1;
    return index >= 0 && index < choices.size() ? choices.get((int) index) : null;
  }

  /**
   * The highest checkpoint that {@code f+1} messages list in C (so that a correct replica has it)
   * and that is at or above h of {@code q} messages (so that the log above it is still complete at
   * them).
   */
  private static ViewChange.Held startCheckpoint(Quorums quorums, Collection<ViewChange> messages) {
    TreeMap<Long, TreeMap<Digest, Integer>> listed = new TreeMap<>();
    for (ViewChange m : messages) {
      for (ViewChange.Held held : m.checkpoints()) {
        listed
            .computeIfAbsent(held.sequence(), s -> new TreeMap<>())
            .merge(held.digest(), 1, Integer::sum);
      }
    }
    for (var at : listed.descendingMap().entrySet()) {
      long reached = messages.stream().filter(m -> m.stable() <= at.getKey()).count();
      if (reached < quorums.quorum()) {
        continue;
      }
      for (var entry : at.getValue().entrySet()) {
        if (entry.getValue() >= quorums.weak()) {
          return new ViewChange.Held(at.getKey(), entry.getKey());
        }
      }
    }
    return null;
  }

  private static long lastPrepared(long start, int window, Collection<ViewChange> messages) {
    long last = start;
    for (ViewChange m : messages) {
      for (ViewChange.Entry entry : m.prepared()) {
        if (entry.sequence() <= start + window) {
          last = Math.max(last, entry.sequence());
        }
      }
    }
    return last;
  }

  /** The digest for which condition A holds, or null. */
  private static Digest choosePrepared(Quorums quorums, long s, Collection<ViewChange> messages) {
    ViewChange.Entry best = null;
    for (ViewChange m : messages) {
      ViewChange.Entry candidate = preparedAt(m, s);
      if (candidate != null
          && isBetter(candidate, best)
          && holdsA1(quorums, candidate, messages)
          && holdsA2(quorums, candidate, messages)) {
        best = candidate;
      }
    }
    return best == null ? null : best.digest();
  }

  private static boolean isBetter(ViewChange.Entry candidate, ViewChange.Entry best) {
    return best == null
        || candidate.view() > best.view()
        || (candidate.view() == best.view() && candidate.digest().compareTo(best.digest()) < 0);
  }

  /** A1: at {@code q} replicas nothing else can have prepared in the candidate's view or later. */
  private static boolean holdsA1(
      Quorums quorums, ViewChange.Entry candidate, Collection<ViewChange> messages) {
    int count = 0;
    for (ViewChange m : messages) {
      if (m.stable() >= candidate.sequence()) {
        continue;
      }
      ViewChange.Entry entry = preparedAt(m, candidate.sequence());
      if (entry == null
          || entry.view() < candidate.view()
          || (entry.view() == candidate.view() && entry.digest().equals(candidate.digest()))) {
        count++;
      }
    }
    return count >= quorums.quorum();
  }

  /**
   * A2: {@code f+1} replicas pre-prepared it in the candidate's view or later, so it is authentic.
   */
  private static boolean holdsA2(
      Quorums quorums, ViewChange.Entry candidate, Collection<ViewChange> messages) {
    int count = 0;
    for (ViewChange m : messages) {
      ViewChange.Entry entry = prePreparedAt(m, candidate);
      boolean vouches = entry != null && entry.view() >= candidate.view();
      count += vouches ? 1 : 0;
    }
    return count >= quorums.weak();
  }

  /** B: at {@code q} replicas nothing prepared, so nothing committed anywhere. */
  private static boolean holdsB(Quorums quorums, long s, Collection<ViewChange> messages) {
    long count = messages.stream().filter(m -> m.stable() < s && preparedAt(m, s) == null).count();
    return count >= quorums.quorum();
  }

  private static ViewChange.Entry preparedAt(ViewChange m, long s) {
    ViewChange.Entry sought = new ViewChange.Entry(s, Digest.ZERO, 0);
    return find(m.prepared(), sought, BY_SEQUENCE);
  }

  private static ViewChange.Entry prePreparedAt(ViewChange m, ViewChange.Entry candidate) {
    return find(m.prePrepared(), candidate, BY_SEQUENCE_AND_DIGEST);
  }

  /** P and Q are in order, and long where a traitor made them: never search them one by one. */
  private static ViewChange.Entry find(
      List<ViewChange.Entry> entries, ViewChange.Entry sought, Comparator<ViewChange.Entry> order) {
    int at = Collections.binarySearch(entries, sought, order);
    return at < 0 ? null : entries.get(at);
  }
}
