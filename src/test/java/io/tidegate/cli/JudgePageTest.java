package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The commands of docs/judge.md answer what the page shows. */
class JudgePageTest {

  private static final Path PAGE = Path.of("docs/judge.md");
  private static final Pattern EXAMPLE = Pattern.compile("```\n\\$ (.+)\n([^`]*)```");

  private record Example(String command, String answer) {}

  @TestFactory
  Stream<DynamicTest> commands_answerWhatThePageShows() throws IOException {
    return examples().stream()
        .map(
            e ->
                DynamicTest.dynamicTest(
                    e.command, () -> assertThat(answer(e)).isEqualTo(e.answer)));
  }

  @Test
  void page_showsBothCommands() throws IOException {
    assertThat(examples())
        .extracting(Example::command)
        .anyMatch(c -> c.startsWith("./tidegate judge "))
        .anyMatch(c -> c.startsWith("./tidegate srm "));
  }

  private static List<Example> examples() throws IOException {
    List<Example> examples = new ArrayList<>();
    Matcher matcher = EXAMPLE.matcher(Files.readString(PAGE));
    while (matcher.find()) {
      examples.add(new Example(matcher.group(1), matcher.group(2)));
    }
    return examples;
  }

  private static String answer(Example example) throws IOException {
    String[] words = example.command.split(" ");
    if (words[0].equals("head")) {
      int lines = -Integer.parseInt(words[1]);
      List<String> all = Files.readAllLines(Path.of(words[2]));
      return String.join("\n", all.subList(0, lines)) + "\n";
    }
    assertThat(words[0]).isEqualTo("./tidegate");
    Cli run = Cli.run(Arrays.copyOfRange(words, 1, words.length));
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    return run.out().replace("\r\n", "\n");
  }
}
