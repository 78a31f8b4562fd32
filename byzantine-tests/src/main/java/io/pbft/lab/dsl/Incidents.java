package io.pbft.lab.dsl;

import io.pbft.lab.scenario.Actors;
import io.pbft.lab.scenario.Phrase;
import io.pbft.lab.scenario.Rule;
import io.pbft.lab.scenario.Span;

/** What befalls the network. */
public final class Incidents {
  private final Lab lab;

  Incidents(Lab lab) {
    this.lab = lab;
  }

  /** So long after the start. */
  public Incident at(Span time) {
    return new Incident(Words.at(time).phrase());
  }

  /** When a message of the kind is sent by anybody. */
  public Incident when(When trigger) {
    return new Incident(trigger.phrase());
  }

  /** What happens then. */
  public final class Incident {
    private final Phrase trigger;

    private Incident(Phrase trigger) {
      this.trigger = trigger;
    }

    /** Cuts replicas off, each by itself. */
    public Lasting isolate(Actors who) {
      return new Lasting(trigger, Words.incident("isolate").with("who", who));
    }

    /** Cuts replicas off from the rest, together. */
    public Lasting partition(Actors who) {
      return new Lasting(trigger, Words.incident("partition").with("who", who));
    }

    /** Loses a share of what is sent, from 0 to 100. */
    public Lasting lose(int percent) {
      return new Lasting(trigger, Words.incident("lose").with("share", percent));
    }

    public Lasting crash(Actors who) {
      return new Lasting(trigger, Words.incident("crash").with("who", who));
    }
  }

  /** How long it lasts. */
  public final class Lasting {
    private final Phrase trigger;
    private final Phrase incident;

    private Lasting(Phrase trigger, Phrase incident) {
      this.trigger = trigger;
      this.incident = incident;
    }

    public Incidents forDuration(Span time) {
      lab.incident(new Rule(false, trigger, incident.with("for", time)));
      return Incidents.this;
    }

    public Incidents forEver() {
      lab.incident(new Rule(false, trigger, incident));
      return Incidents.this;
    }
  }
}
