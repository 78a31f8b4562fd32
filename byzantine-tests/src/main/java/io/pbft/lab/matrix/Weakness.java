package io.pbft.lab.matrix;

import io.pbft.core.Quorums;
import io.pbft.core.TimerKind;
import io.pbft.core.message.Reason;
import io.pbft.core.runtime.Defences;
import io.pbft.core.spi.LogRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * One defence that is down, all others being up; or two, of which either stands behind the other.
 *
 * @param name the reason, or what kind of defence it is and which: {@code timer REQUEST}
 * @param meaning what does not happen any more, in words
 */
public record Weakness(String name, String meaning, Defences defences) {
  private static final String BOTH = " + ";

  /**
   * All there are: each reason, timer, quorum, number of replies, record of the journal and rule.
   */
  public static List<Weakness> all() {
    List<Weakness> all = new ArrayList<>();
    for (Reason reason : Reason.values()) {
      all.add(new Weakness(reason.name(), "not refused: " + reason.meaning(), reason(reason)));
    }
    for (TimerKind kind : TimerKind.values()) {
      all.add(new Weakness("timer " + kind, "the timer is never set", timer(kind)));
    }
    all.add(quorum("q", "one short", q -> new Quorums(q.n(), q.f(), q.quorum() - 1, q.weak())));
    all.add(quorum("f+1", "one short", q -> new Quorums(q.n(), q.f(), q.quorum(), q.weak() - 1)));
    all.add(replies("f+1", q -> new Quorums(q.n(), q.f(), q.quorum(), q.weak() - 1)));
    all.add(replies("q", q -> new Quorums(q.n(), q.f(), q.quorum() - 1, q.weak())));
    for (Class<?> fact : LogRecord.class.getPermittedSubclasses()) {
      all.add(
          new Weakness(
              "persist " + fact.getSimpleName(),
              "not made durable, before its message leaves or ever",
              persist(fact)));
    }
    for (Defences.Rule rule : Defences.Rule.values()) {
      String words = rule.name().toLowerCase(Locale.ROOT).replace('_', ' ');
      all.add(new Weakness("rule " + rule, "not kept: " + words, rule(rule)));
    }
    return List.copyOf(all);
  }

  /** The one of that name, or null; {@code A + B} for two that are down together. */
  public static Weakness named(String name) {
    int plus = name.indexOf(BOTH);
    if (plus < 0) {
      return all().stream().filter(w -> w.name().equals(name)).findFirst().orElse(null);
    }
    Weakness one = named(name.substring(0, plus));
    Weakness other = named(name.substring(plus + BOTH.length()));
    return one == null || other == null ? null : one.and(other);
  }

  /** Both down: where one stands behind the other, only that does harm. */
  Weakness and(Weakness other) {
    return new Weakness(
        name + BOTH + other.name,
        meaning + "; " + other.meaning,
        new Together(defences, other.defences));
  }

  /** Its parts, where it is several; else itself. */
  List<Weakness> parts() {
    return Arrays.stream(name.split(Pattern.quote(BOTH), -1)).map(Weakness::named).toList();
  }

  private static Defences reason(Reason down) {
    return new Defences() {
      @Override
      public boolean refuses(Reason reason) {
        return reason != down;
      }
    };
  }

  private static Defences timer(TimerKind down) {
    return new Defences() {
      @Override
      public boolean arms(TimerKind kind) {
        return kind != down;
      }
    };
  }

  private static Weakness quorum(String which, String how, UnaryOperator<Quorums> change) {
    Defences defences =
        new Defences() {
          @Override
          public Quorums quorums(Quorums proper) {
            return change.apply(proper);
          }
        };
    return new Weakness("quorum " + which, how, defences);
  }

  private static Weakness replies(String which, UnaryOperator<Quorums> change) {
    Defences defences =
        new Defences() {
          @Override
          public Quorums replies(Quorums proper) {
            return change.apply(proper);
          }
        };
    return new Weakness("replies " + which, "a client waits for one matching reply less", defences);
  }

  private static Defences persist(Class<?> down) {
    Predicate<LogRecord> kept = fact -> !down.isInstance(fact);
    return new Defences() {
      @Override
      public boolean persists(LogRecord fact) {
        return kept.test(fact);
      }
    };
  }

  private static Defences rule(Defences.Rule down) {
    return new Defences() {
      @Override
      public boolean keeps(Defences.Rule rule) {
        return rule != down;
      }
    };
  }

  @Override
  public String toString() {
    return name;
  }
}
