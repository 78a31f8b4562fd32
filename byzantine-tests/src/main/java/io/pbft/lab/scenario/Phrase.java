package io.pbft.lab.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * A trigger, an action, a condition or a claim: its first word and its parameters by name. Built by
 * the parser and the DSL against {@link Vocabulary}, so that only phrases which can be written
 * exist. Immutable.
 */
public final class Phrase {
  private final Form form;
  private final TreeMap<String, Object> values;

  Phrase(Form form, TreeMap<String, Object> values) {
    this.form = form;
    this.values = values;
  }

  /** The phrase's first word. */
  public String head() {
    return form.head();
  }

  Form form() {
    return form;
  }

  /**
   * The same with one more parameter, or another value for it.
   *
   * @throws IllegalArgumentException if the vocabulary knows no such parameter, or it could not be
   *     written and read again
   */
  public Phrase with(String name, Object value) {
    Param param = form.param(name);
    if (param == null) {
      throw new IllegalArgumentException("'" + head() + "' has no " + name);
    }
    Object kept = value;
    if (value instanceof Comparison comparison) {
      kept = new Kind.Measure(comparison, unit(param));
    }
    if (!isWritable(param, kept)) {
      throw new IllegalArgumentException("'" + head() + "': " + value + " cannot be its " + name);
    }
    TreeMap<String, Object> more = new TreeMap<>(values);
    more.put(name, kept);
    return new Phrase(form, more);
  }

  private static boolean isWritable(Param param, Object value) {
    try {
      Cursor in = new Cursor(written(param, value), 0);
      boolean same = param.kind().read(in).equals(value);
      return same && (in.atEnd() || param.kind() == Kind.FLAG);
    } catch (ScriptException e) {
      return false;
    }
  }

  private static String written(Param param, Object value) {
    return param.kind() == Kind.TEXT ? "\"" + value + "\"" : Kind.print(value);
  }

  /** The same without a parameter that may be left out; itself where that is none. */
  public Phrase without(String name) {
    Param param = form.param(name);
    if (!has(name) || param.required()) {
      return this;
    }
    TreeMap<String, Object> fewer = new TreeMap<>(values);
    fewer.remove(name);
    return new Phrase(form, fewer);
  }

  /** The names of the parameters that are given. */
  public List<String> given() {
    return List.copyOf(values.keySet());
  }

  /** With so many operations a second. */
  public Phrase withRate(String name, long perSecond) {
    return with(name, new Kind.Rate(perSecond));
  }

  /**
   * The same parameters under another first word of the settings.
   *
   * @throws IllegalArgumentException if that one takes other parameters
   */
  public Phrase renamed(String head) {
    Phrase other = Vocabulary.phrase(Vocabulary.Place.SETTING, head);
    for (var entry : values.entrySet()) {
      other = other.with(entry.getKey(), entry.getValue());
    }
    return other;
  }

  private static String unit(Param param) {
    return param.kind() == Kind.COMPARE_SPAN
        ? "us"
        : param.kind() == Kind.COMPARE_PERCENT ? "%" : "";
  }

  public boolean has(String name) {
    return values.containsKey(name);
  }

  private <T> T get(String name, Class<T> type) {
    return type.cast(values.get(name));
  }

  /** The word given for the parameter, or null. */
  public String word(String name) {
    return get(name, String.class);
  }

  public String word(String name, String otherwise) {
    return has(name) ? word(name) : otherwise;
  }

  /** The rate given, in operations a second, or 0. */
  public long rate(String name) {
    return has(name) ? get(name, Kind.Rate.class).perSecond() : 0;
  }

  public long number(String name, long otherwise) {
    return has(name) ? get(name, Long.class) : otherwise;
  }

  /** The amount given, or null. */
  public Amount amount(String name) {
    return get(name, Amount.class);
  }

  /** The time given, or null. */
  public Span span(String name) {
    return get(name, Span.class);
  }

  public Span span(String name, Span otherwise) {
    return has(name) ? span(name) : otherwise;
  }

  /** The actors given, or null. */
  public Actors actors(String name) {
    return get(name, Actors.class);
  }

  public Actors actors(String name, String otherwise) {
    return has(name) ? actors(name) : Actors.of(otherwise);
  }

  /** The operation given, or null. */
  public Operation operation(String name) {
    return get(name, Operation.class);
  }

  /** What to put into the batch: an operation that nobody asked for, or null if it is none. */
  public Operation forgedOperation() {
    return values.get("batch") instanceof Operation operation ? operation : null;
  }

  /** How to change the batch, or null. */
  public String batchChange() {
    return values.get("batch") instanceof String change ? change : null;
  }

  /** The range given, or null. */
  public Range range(String name) {
    return get(name, Range.class);
  }

  /** From 0 to 1. */
  public double share(String name, double otherwise) {
    return has(name) ? get(name, Integer.class) / 100.0 : otherwise;
  }

  /** The bound given, or null. */
  public Comparison bound(String name) {
    Kind.Measure measure = get(name, Kind.Measure.class);
    return measure == null ? null : measure.comparison();
  }

  /** True when no such bound is given, or it holds. */
  public boolean allows(String name, long value) {
    return !has(name) || bound(name).holds(value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Phrase that && that.form.equals(form) && that.values.equals(values);
  }

  @Override
  public int hashCode() {
    return form.head().hashCode() * 31 + values.hashCode();
  }

  /** The phrase as a scenario spells it. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>(List.of(head()));
    form.positional().forEach(param -> print(param, parts));
    form.params().stream()
        .filter(param -> param.style() != Param.Style.POSITIONAL)
        .forEach(param -> print(param, parts));
    return String.join(" ", parts);
  }

  private void print(Param param, List<String> parts) {
    if (has(param.name())) {
      parts.add(print(param, values.get(param.name())));
    }
  }

  private static String print(Param param, Object value) {
    String text = written(param, value);
    return switch (param.style()) {
      case POSITIONAL -> text;
      case FLAG -> param.name();
      case WORD -> param.name() + " " + text;
      case NAMED -> param.name() + "=" + text;
      case BOUND ->
          text.startsWith("= ")
              ? param.name() + "=" + text.substring(2)
              : param.name() + " " + text;
    };
  }
}
