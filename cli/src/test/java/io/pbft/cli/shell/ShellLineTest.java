package io.pbft.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.examples.kv.KvOperation;
import io.pbft.examples.kv.KvResult;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShellLineTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0000',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "put a b|put [a] [b]",
        "  put \t a   b  |put [a] [b]",
        "PUT a b|put [a] [b]",
        "put a's Ångström|put [a's] [Ångström]",
        "put \"a b\" \"\"|put [a b] []",
        "put \"say \\\"hi\\\"\" \"back\\\\slash\"|put [say \"hi\"] [back\\slash]",
        "put a\\ b c\\\"d|put [a b] [c\"d]",
        "put \\u0041 \"\\u00e5\"|put [A] [å]",
        "put a #b|put [a] [#b]",
        "get a|get [a]",
        "get \"#\"|get [#]",
        "del a|del [a]",
        "cas a b c|cas [a] [b] [c]",
        "scan a|scan [a]",
        "scan \"\"|scan []",
        "help|help",
        "exit|exit",
        "quit|exit",
        "# put a b|blank",
        "  # \"|blank",
        "put a|wrong: put takes 2 arguments, not 1: put KEY VALUE",
        "put a b c|wrong: put takes 2 arguments, not 3: put KEY VALUE",
        "get|wrong: get takes 1 argument, not 0: get KEY",
        "fetch a|wrong: no command 'fetch': use put, get, del, cas or scan",
        "put \"a b|wrong: a quote is not closed",
        "put \"a\"b c|wrong: no space after a closing quote",
        "put a\"b c|wrong: a quote inside a word: quote all of it, or write \\\"",
        "put a b\\|wrong: a backslash at the end of the line",
        "put a \\x|wrong: no escape \\x: use \\\" \\\\ \\n \\r \\t or \\uXXXX",
        "put a \\u00g0|wrong: \\u needs four hexadecimal digits",
        "put a \\u00|wrong: \\u needs four hexadecimal digits",
      })
  void parses(String line, String expected) {
    assertThat(describe(ShellLine.parse(line))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", " \t "})
  void anEmptyLineAsksForNothing(String line) {
    assertThat(describe(ShellLine.parse(line))).isEqualTo("blank");
  }

  @Test
  void keysAndValuesAreBounded() {
    assertThat(describe(ShellLine.parse("get " + "k".repeat(1025))))
        .isEqualTo("wrong: key of 1025 bytes; the limit is 1024");
    assertThat(describe(ShellLine.parse("put k " + "v".repeat(300_000))))
        .isEqualTo("wrong: value of 300000 bytes; the limit is 262144");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "two words",
        "",
        "tab\there",
        "two\nlines",
        "\"quoted\"",
        "a\"b",
        "\u0001"
      })
  void whatIsPrintedIsReadBack(String text) {
    String printed = Answers.printable(text.getBytes(StandardCharsets.UTF_8));
    assertThat(printed).doesNotContain("\n").doesNotContain("\t");
    if (printed.startsWith("\"")) {
      assertThat(describe(ShellLine.parse("get " + printed))).isEqualTo("get [" + text + "]");
    } else {
      assertThat(printed).isEqualTo(text);
    }
  }

  @Test
  void answersAreOneLineEach() {
    assertThat(Answers.of(new KvResult.Done())).isEqualTo("OK");
    assertThat(Answers.of(new KvResult.None())).isEqualTo("NONE");
    assertThat(Answers.of(new KvResult.Value(bytes("a b")))).isEqualTo("VALUE a b");
    assertThat(Answers.of(new KvResult.Conflict(null))).isEqualTo("CONFLICT");
    assertThat(Answers.of(new KvResult.Conflict(bytes("x")))).isEqualTo("CONFLICT x");
    assertThat(Answers.entry(new KvResult.Entry(bytes("k\n"), bytes("v"))))
        .isEqualTo("\"k\\n\"\tv");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String describe(ShellLine line) {
    if (line instanceof ShellLine.Ask ask) {
      return describe(ask.operation());
    } else if (line instanceof ShellLine.Wrong wrong) {
      return "wrong: " + wrong.why();
    } else if (line instanceof ShellLine.Help) {
      return "help";
    }
    return line instanceof ShellLine.Exit ? "exit" : "blank";
  }

  private static String describe(KvOperation operation) {
    if (operation instanceof KvOperation.Put put) {
      return "put " + word(put.key()) + " " + word(put.value());
    } else if (operation instanceof KvOperation.Get get) {
      return "get " + word(get.key());
    } else if (operation instanceof KvOperation.Delete delete) {
      return "del " + word(delete.key());
    } else if (operation instanceof KvOperation.CompareAndSet cas) {
      return "cas " + word(cas.key()) + " " + word(cas.expected()) + " " + word(cas.value());
    }
    return "scan " + word(((KvOperation.Scan) operation).prefix());
  }

  private static String word(byte[] bytes) {
    return "[" + new String(bytes, StandardCharsets.UTF_8) + "]";
  }
}
