package io.tidegate.analysis.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.stats.sums.VarLong;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A dictionary numbers texts as a list without repetitions does, and survives its bytes. */
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
  void each_text_has_one_number() throws IOException {
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      TextDictionary dictionary = new TextDictionary();
      List<String> expected = new ArrayList<>();
      for (int i = random.nextInt(60); i > 0; i--) {
        String text =
            random.nextBoolean()
                ? TEXTS.get(random.nextInt(TEXTS.size()))
                : "t" + random.nextInt(200);
        if (!expected.contains(text)) {
          expected.add(text);
        }
        assertThat(dictionary.number(text)).as("seed " + seed).isEqualTo(expected.indexOf(text));
        if (random.nextInt(10) == 0) {
          dictionary = dictionary.copy();
        }
      }
      assertThat(dictionary.texts()).as("seed " + seed).containsExactlyElementsOf(expected);
      StateBytes bytes = new StateBytes();
      dictionary.writeTo(bytes);
      assertThat(bytes.toBytes()).as("seed " + seed).isEqualTo(written(expected));
      TextDictionary read = TextDictionary.readFrom(in(bytes.toBytes()));
      assertThat(read.texts()).containsExactlyElementsOf(expected);
      assertThat(read.number("new to it")).isEqualTo(expected.size());
    }
  }

  private static byte[] written(List<String> texts) {
    StateBytes bytes = new StateBytes();
    bytes.putNumber(texts.size());
    texts.forEach(bytes::putText);
    return bytes.toBytes();
  }

  @Test
  void what_is_put_after_a_copy_stays_out_of_it() throws IOException {
    TextDictionary first = new TextDictionary();
    first.number("a");
    TextDictionary copy = first.copy();
    first.number("b");
    assertThat(copy.number("c")).isEqualTo(1);
    assertThat(first.texts()).containsExactly("a", "b");
    assertThat(copy.texts()).containsExactly("a", "c");
    StateBytes none = new StateBytes();
    new TextDictionary().writeTo(none);
    assertThat(VarLong.readInt(in(none.toBytes()))).isZero();
  }

  private static DataInputStream in(byte[] bytes) {
    return new DataInputStream(new ByteArrayInputStream(bytes));
  }
}
