package io.tidegate.analysis.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A dictionary finds texts where a list without repetitions has them. */
class TextDictionaryTest {

  private static final List<String> TEXTS =
      List.of(
          "",
          "a",
          "b",
          "ab",
          "ba",
          "é",
          "e",
          "Ã©",
          "中",
          "中文",
          "\0",
          "x".repeat(63),
          "x".repeat(64),
          "x".repeat(65),
          "é".repeat(40),
          "x".repeat(10_000),
          "\uD83D\uDE00");

  @Test
  void each_text_is_found_by_its_number_and_number_by_its_text() {
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      List<String> known = new ArrayList<>();
      StateBytes bytes = new StateBytes();
      List<Integer> places = new ArrayList<>(List.of(0));
      for (int i = random.nextInt(60); i > 0; i--) {
        String text =
            random.nextBoolean()
                ? TEXTS.get(random.nextInt(TEXTS.size()))
                : "t" + random.nextInt(200);
        int first = random.nextInt(known.size() + 1);
        int found =
            TextDictionary.find(bytes.toBytes(), first, places.get(first), known.size(), text);
        assertThat(found)
            .as("seed %d, %s", seed, text)
            .isEqualTo(known.indexOf(text) < first ? -1 : known.indexOf(text));
        if (!known.contains(text)) {
          known.add(text);
          bytes.putText(text);
          places.add(bytes.size());
        }
      }
      TextDictionary.Lookup lookup = new TextDictionary.Lookup(bytes.toBytes(), known.size());
      for (int ask = 0; ask < 2 * known.size(); ask++) {
        int number = random.nextInt(known.size());
        assertThat(lookup.text(number)).as("seed %d", seed).isEqualTo(known.get(number));
      }
    }
  }
}
