package io.pbft.lab.dsl;

import io.pbft.lab.scenario.Actors;
import io.pbft.lab.scenario.Phrase;
import io.pbft.lab.scenario.Rule;
import io.pbft.lab.scenario.Span;
import io.pbft.lab.scenario.TraitorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A traitor's rules, in the order in which they are tried. */
public final class TraitorRules {
  private final Actors who;
  private final boolean colluding;
  private final List<Rule> rules = new ArrayList<>();

  TraitorRules(Actors who, boolean colluding) {
    this.who = who;
    this.colluding = colluding;
  }

  TraitorSpec spec() {
    return new TraitorSpec(who, colluding, null, rules);
  }

  public Doing when(When trigger) {
    return new Doing(trigger, false);
  }

  /** The same as {@link #when}: whenever. */
  public Doing always(When trigger) {
    return when(trigger);
  }

  /** Only the first time. */
  public Doing once(When trigger) {
    return new Doing(trigger, true);
  }

  /** What to do then. */
  public final class Doing {
    private final When trigger;
    private final boolean once;

    private Doing(When trigger, boolean once) {
      this.trigger = trigger;
      this.once = once;
    }

    private TraitorRules doing(Phrase action) {
      rules.add(new Rule(once, trigger.phrase(), action));
      return TraitorRules.this;
    }

    /** An action as {@code .traitor} files name it, without parameters. */
    public TraitorRules doing(String action) {
      return doing(Words.action(action));
    }

    public TraitorRules drop() {
      return doing("drop");
    }

    public TraitorRules delayBy(Span time) {
      return doing(Words.action("delay").with("time", time));
    }

    public TraitorRules duplicate(long times) {
      return doing(Words.action("duplicate").with("times", times));
    }

    public TraitorRules redirect(Actors to) {
      return doing(Words.action("redirect").with("to", to));
    }

    public TraitorRules mute() {
      return doing("mute");
    }

    public TraitorRules forge(UnaryOperator<Forgery> how) {
      return doing(how.apply(new Forgery(Words.action("forge"))).phrase());
    }

    /** Claims in P what never prepared. */
    public TraitorRules addPrepared(UnaryOperator<Forgery> what) {
      return doing(what.apply(new Forgery(Words.action("add-prepared"))).phrase());
    }

    /** Leaves the last choice out of a new-view. */
    public TraitorRules omitChoice() {
      return doing("omit-choice");
    }
  }
}
