package io.pbft.lab.report;

import io.pbft.core.message.Message;
import io.pbft.core.message.Reason;
import io.pbft.core.runtime.Defences;
import io.pbft.crypto.Principal;
import io.pbft.lab.play.Finding;
import io.pbft.lab.play.PlayListener;
import io.pbft.lab.play.Played;
import io.pbft.lab.play.Player;
import io.pbft.lab.play.Service;
import io.pbft.lab.scenario.Phrase;
import io.pbft.lab.scenario.Rule;
import io.pbft.lab.scenario.Scenario;
import io.pbft.lab.scenario.TraitorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Takes out of a script what it does not need to show what it shows: faults, traitors, their rules,
 * clients, and operations. What it shows is its verdict; the claims that it broke if it broke any,
 * else all that it met and the reasons for which something was refused.
 */
final class ScriptShrinker {
  /**
   * What is left.
   *
   * @param plays how many runs it took
   * @param isWhole whether everything was tried; else the bound on plays or messages was reached
   */
  record Shrunk(Scenario scenario, long operations, long messages, long plays, boolean isWhole) {}

  private static final int MOST_PLAYS = 25;

  /** Of all plays together: what bounds the time that a page takes. */
  private static final long MOST_MESSAGES = 20_000;

  /** Counts what is sent. */
  private static final class Counter implements PlayListener {
    private long messages;

    @Override
    public void onSend(long at, Principal from, Principal to, Message message, byte[] payload) {
      messages++;
    }
  }

  private final long seed;
  private final Service service;
  private final Defences defences;
  private final Played original;
  private Scenario best;
  private long operations;
  private long messages;
  private long plays;
  private long played;
  private boolean isCut;

  ScriptShrinker(Played original, long messages, Service service, Defences defences) {
    this.original = original;
    this.seed = original.seed();
    this.service = service;
    this.defences = defences;
    this.best = original.scenario();
    this.operations = original.completed();
    this.messages = messages;
  }

  Shrunk shrink() {
    Scenario before;
    do {
      before = best;
      clients("puts");
      without(Scenario::timeline, ScriptShrinker::withTimeline);
      without(Scenario::traitors, Scenario::withTraitors);
      rules();
      without(Scenario::clients, ScriptShrinker::withClients);
      clients("count");
    } while (!before.equals(best) && !isCut);
    return new Shrunk(best, operations, messages, plays, !isCut);
  }

  private <T> void without(
      Function<Scenario, List<T>> part, BiFunction<Scenario, List<T>, Scenario> with) {
    for (int i = part.apply(best).size() - 1; i >= 0; i--) {
      List<T> fewer = new ArrayList<>(part.apply(best));
      fewer.remove(i);
      accept(with.apply(best, fewer));
    }
  }

  private void rules() {
    for (int t = 0; t < best.traitors().size(); t++) {
      for (int r = best.traitors().get(t).rules().size() - 1; r >= 0; r--) {
        TraitorSpec spec = best.traitors().get(t);
        List<Rule> fewer = new ArrayList<>(spec.rules());
        fewer.remove(r);
        List<TraitorSpec> traitors = new ArrayList<>(best.traitors());
        traitors.set(t, new TraitorSpec(spec.who(), spec.colluding(), spec.plays(), fewer));
        accept(best.withTraitors(traitors));
      }
    }
  }

  /** Makes a number of each line of clients as small as bisection gets it. */
  private void clients(String number) {
    for (int i = 0; i < best.clients().size(); i++) {
      long low = 1;
      while (best.clients().get(i).number(number, 1) > low && !isCut) {
        Phrase client = best.clients().get(i);
        long middle = low + (client.number(number, 1) - low) / 2;
        List<Phrase> smaller = new ArrayList<>(best.clients());
        smaller.set(i, client.with(number, middle));
        if (!accept(withClients(best, smaller))) {
          low = middle + 1;
        }
      }
    }
  }

  private boolean accept(Scenario candidate) {
    isCut |= plays >= MOST_PLAYS || played + messages > MOST_MESSAGES;
    if (isCut) {
      return false;
    }
    plays++;
    Counter counter = new Counter();
    try {
      Played run = Player.play(candidate, seed, service, defences, counter);
      played += counter.messages;
      if (!showsTheSame(run)) {
        return false;
      }
      operations = run.completed();
    } catch (IllegalArgumentException e) {
      return false; // without what was taken out, the rest makes no sense
    }
    best = candidate;
    messages = counter.messages;
    return true;
  }

  private boolean showsTheSame(Played run) {
    if (run.verdict() != original.verdict() || run.completed() == 0) {
      return original.completed() == 0 && run.verdict() == original.verdict();
    }
    if (original.verdict() != Played.Verdict.AS_EXPECTED) {
      return broken(run).containsAll(broken(original));
    }
    Set<Reason> refused = original.refusals().keySet();
    return run.refusals().keySet().equals(refused) && run.idle().size() <= original.idle().size();
  }

  private static Set<String> broken(Played run) {
    return run.findings().stream()
        .filter(f -> !f.isMet())
        .map((Finding f) -> f.claim().toString())
        .collect(Collectors.toSet());
  }

  private static Scenario withTimeline(Scenario s, List<Rule> timeline) {
    return rebuilt(s, s.clients(), timeline);
  }

  private static Scenario withClients(Scenario s, List<Phrase> clients) {
    return rebuilt(s, clients, s.timeline());
  }

  private static Scenario rebuilt(Scenario s, List<Phrase> clients, List<Rule> timeline) {
    return new Scenario(
        s.title(),
        s.ids(),
        s.cluster(),
        s.network(),
        clients,
        s.traitors(),
        timeline,
        s.expectations(),
        s.duration(),
        s.replay());
  }
}
