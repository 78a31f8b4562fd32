package io.pbft.lab.scenario;

import io.pbft.lab.scenario.Vocabulary.Place;
import java.util.ArrayList;
import java.util.List;

/** Reads phrases as their forms say. */
final class PhraseParser {
  private PhraseParser() {}

  /** A phrase that may stand at the place; ends before a colon, a comma or the line's end. */
  static Phrase phrase(Cursor in, Place place) {
    List<String> heads = Vocabulary.forms(place).stream().map(Form::head).toList();
    String expected = "one of " + String.join(", ", heads);
    String head = in.word(expected);
    if (!heads.contains(head)) {
      throw in.misread(expected);
    }
    return rest(in, Vocabulary.phrase(place, head));
  }

  /** What follows a phrase's first word, on top of what is known of it. */
  static Phrase rest(Cursor in, Phrase begun) {
    Phrase phrase = begun;
    for (Param param : begun.form().positional()) {
      if (param.required() || (in.peek().sort() == Token.Sort.SIGN && !atSeparator(in))) {
        phrase = phrase.with(param.name(), param.kind().read(in));
      }
    }
    while (!in.atEnd() && !atSeparator(in)) {
      phrase = parameter(in, phrase);
    }
    for (Param param : begun.form().params()) {
      if (param.required() && !phrase.has(param.name())) {
        throw in.expected(spelled(param));
      }
    }
    return phrase;
  }

  private static boolean atSeparator(Cursor in) {
    return in.isSign(":") || in.isSign(",");
  }

  private static Phrase parameter(Cursor in, Phrase phrase) {
    String name = in.peek().text();
    Param param = phrase.form().param(name);
    boolean known =
        in.peek().sort() == Token.Sort.WORD
            && param != null
            && param.style() != Param.Style.POSITIONAL
            && !phrase.has(name);
    if (!known) {
      throw in.expected(open(phrase));
    }
    in.next();
    if (param.style() == Param.Style.NAMED) {
      in.sign("=");
    }
    return phrase.with(name, param.kind().read(in));
  }

  /** What may still follow. */
  private static String open(Phrase phrase) {
    List<String> open = new ArrayList<>();
    for (Param param : phrase.form().params()) {
      if (param.style() != Param.Style.POSITIONAL && !phrase.has(param.name())) {
        open.add(spelled(param));
      }
    }
    open.add("the end of '" + phrase.head() + "'");
    return String.join(", ", open);
  }

  private static String spelled(Param param) {
    return param.style() == Param.Style.NAMED ? param.name() + "=" : param.name();
  }
}
